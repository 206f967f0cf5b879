'use strict'
const pages = document.documentElement, plots = []
const DASHES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [16, 4], [5, 2]]
const brief = v => v == null ? '–' : +v.toPrecision(5) + ''
const digit = (v, round, unit = 10 ** Math.floor(Math.log10(v))) => round(v / unit) * unit
const cut = (t, n = 60) => t.length > n ? t.slice(0, n - 1) + '…' : t

/** Returns the CSS of a sample of a curve. */
function sample(colour, dots, dash) {
  if (dots) return 'radial-gradient(circle,' + colour + ' 3px,transparent 4px)'
  let at = 0
  const stops = (dash.length ? dash : [9, 0]).map((n, i) => (i % 2 ? 'transparent ' : colour + ' ') + at + 'px ' + (at += n) + 'px')
  return 'repeating-linear-gradient(90deg,' + stops + ') 0 50%/100% 2px no-repeat'
}

/** Draws a chart in the width of its place; on paper in twice the size, which CSS halves. */
function draw(figure, paper) {
  const d = JSON.parse(figure.querySelector('script').textContent), place = figure.querySelector('div'), k = paper ? 2 : 1
  const css = getComputedStyle(pages), of = n => css.getPropertyValue('--' + n).trim()
  const colour = i => of('c' + i % 4), dash = i => DASHES[(i + Math.floor(i / 12)) % 6]
  const span = Math.max(...d.curves.map(c => c.x.at(-1) - c.x[0])) || 1, font = 12 * k + 'px system-ui,sans-serif'
  const tables = d.curves.map(c => {
    let last = -Infinity // equal places are moved apart by less than a pixel, because a place has one value
    return [c.x.map(x => last = x > last ? x : last + span * 1e-9), c.y]
  })
  const axis = (label, more) => ({label: cut(label), font, labelFont: font, labelSize: 20 * k, gap: 5 * k, stroke: of('text'),
    grid: {stroke: of('line'), width: k}, ticks: {stroke: of('line'), width: k, size: 5 * k}, values: (u, all) => all.map(v => v == null ? '' : brief(v)), ...more})
  const y = (u, low, high) => {
    if (low == null) return [0, 1]
    const all = high - low || Math.abs(low) / 10 || 1, room = high > low ? all * .05 : all
    const at = (bound, end, sign) => bound != null && sign * (bound - end) >= 0 && sign * (bound - end) <= .75 * all ? bound : end + sign * room
    return [at(d.low, low, -1), at(d.high, high, 1)]
  }
  // Where a curve has no value, the nearest one is shown.
  const nearest = (u, s, i) => {
    const v = u.data[s], x = u.data[0]
    let a = i, b = i
    while (a >= 0 && v[a] == null) a--
    while (b < v.length && v[b] == null) b++
    return a < 0 ? b < v.length ? b : i : b < v.length && x[b] - x[i] < x[i] - x[a] ? b : a
  }
  const mark = u => {
    if (!d.mark) return
    const c = u.ctx, r = uPlot.pxRatio * k, x = u.valToPos(d.at, 'x', true), left = x > u.bbox.left + u.bbox.width / 2
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return
    c.save()
    c.strokeStyle = c.fillStyle = of('soft')
    c.lineWidth = r
    c.setLineDash([4 * r, 3 * r])
    c.beginPath()
    c.moveTo(x, u.bbox.top)
    c.lineTo(x, u.bbox.top + u.bbox.height)
    c.stroke()
    c.font = 12 * r + 'px system-ui,sans-serif'
    c.textAlign = left ? 'right' : 'left'
    c.fillText(d.mark, x + (left ? 6 : -6) * r, u.bbox.top - 6 * r)
    c.restore()
  }
  const whole = span > 1 && d.curves.every(c => c.x.every(Number.isInteger)) ? {incrs: [1, 2, 5].concat(...[1, 2, 3, 4, 5, 6, 7, 8].map(e => [1, 2, 5].map(m => m * 10 ** e)))} : {}
  const u = new uPlot({
    width: paper ? 640 : place.clientWidth, height: 300 * k, padding: [22 * k, 12 * k, 0, 0],
    scales: {x: {time: false, range: (u, a, b) => a == null ? [0, 1] : a < b ? [a, b] : [a - 1, b + 1]}, y: d.log ? {distr: 3, range: (u, a, b) => a > 0 ? [digit(a, Math.floor), digit(1.01 * b, Math.ceil)] : [1, 10]} : {range: y}},
    axes: [axis(d.x, {size: 30 * k, space: 60 * k, ...whole}), axis(cut(d.y, 36), {space: 36 * k, size: (u, all) => (20 + 7 * Math.max(3, ...(all || []).map(t => t.length))) * k})],
    cursor: {dataIdx: nearest}, legend: {markers: {width: 0, fill: (u, i) => sample(colour(i - 1), d.curves[i - 1].dots, dash(i - 1))}},
    series: [{label: cut(d.x), value: (u, v) => brief(v)}].concat(d.curves.map((c, i) => ({label: c.name, stroke: colour(i), width: (c.x.length > 300 ? 1.3 : 1.8) * k,
      dash: dash(i).map(n => n * k), value: (u, v) => brief(v), points: c.dots ? {show: true, size: 5 * k, width: 0, fill: colour(i)} : {show: c.x.length <= 40, size: 5 * k}, ...(c.dots ? {paths: () => null} : {})}))),
    hooks: {draw: [mark]}
  }, uPlot.join(tables), place)
  const save = place.appendChild(Object.assign(document.createElement('button'), {type: 'button', textContent: 'Save as a picture'}))
  save.onclick = () => {
    const from = u.ctx.canvas, r = uPlot.pxRatio, out = document.createElement('canvas'), c = out.getContext('2d'), head = (34 + 20 * d.curves.length) * r
    out.width = from.width
    out.height = from.height + head
    c.fillStyle = of('ground')
    c.fillRect(0, 0, out.width, out.height)
    c.drawImage(from, 0, head)
    c.scale(r, r)
    c.fillStyle = of('text')
    c.font = '600 16px system-ui,sans-serif'
    c.fillText(d.title, 12, 24)
    c.font = '13px system-ui,sans-serif'
    c.lineWidth = 2
    d.curves.forEach((s, i) => {
      c.fillText(s.name, 52, 48 + 20 * i)
      c.strokeStyle = colour(i)
      c.setLineDash(s.dots ? [2, 6] : dash(i))
      c.beginPath()
      c.moveTo(12, 44 + 20 * i)
      c.lineTo(44, 44 + 20 * i)
      c.stroke()
    })
    Object.assign(document.createElement('a'), {href: out.toDataURL(), download: d.title + '.png'}).click()
  }
  plots.push(() => { u.destroy(); save.remove() })
}

/** Draws all charts again, in the colours of the screen or of paper. */
function all(paper) {
  pages.classList.toggle('paper', paper)
  plots.splice(0).forEach(end => end())
  document.querySelectorAll('.chart > script').forEach(data => draw(data.parentNode, paper))
}
const screen = () => all(false)
addEventListener('beforeprint', () => all(true))
addEventListener('afterprint', screen)
matchMedia('(prefers-color-scheme:dark)').addEventListener('change', screen)
let width = innerWidth
addEventListener('resize', () => { if (innerWidth != width) { width = innerWidth; screen() } })
screen()
