#!/usr/bin/python3
"""Makes three tables as Excel exports them: German CSV, American CSV and a workbook.

Needs python3-openpyxl 3.1. The workbook has the times of its zip members set, so its bytes are the same each time.
"""
import datetime
import io
import random
import zipfile

import openpyxl

draw = random.Random(5)
START = datetime.date(2023, 1, 2)
ROWS = []
for i in range(240):
    revenue = round(draw.randint(200, 9000) + draw.random(), 2)
    profit = round(revenue * draw.uniform(-0.2, 0.3), 2)
    discount = draw.choice([0, 5, 10, 15])
    region = draw.choice(["Nord", "Süd", "Öst"])
    ROWS.append((START + datetime.timedelta(days=i), revenue, profit, discount, region, revenue * (100 - discount) > 400000))


def german(number):
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def dollars(number):
    return f"(${-number:,.2f})" if number < 0 else f"${number:,.2f}"


with open("german.csv", "w", encoding="cp1252", newline="\r\n") as out:
    print("Datum;Umsatz;Rabatt;Gebiet;Bonus", file=out)
    for i, (day, revenue, _, discount, region, bonus) in enumerate(ROWS):
        text = "k.A." if i % 17 == 3 else german(revenue) + " €"
        print(f"{day:%d.%m.%Y};{text};{discount}%;{region};{'ja' if bonus else 'nein'}", file=out)

with open("american.csv", "w", encoding="ascii", newline="\r\n") as out:
    print("Revenue by day,,,,\nPrepared in 2024,,,,\nDate,Revenue,Profit,Region,Bonus", file=out)
    for day, revenue, profit, _, region, bonus in ROWS:
        region = {"Nord": "North", "Süd": "South", "Öst": "East"}[region]
        print(f'{day:%m/%d/%Y},"{dollars(revenue)}","{dollars(profit)}",{region},{"yes" if bonus else "no"}', file=out)
    totals = [dollars(sum(row[k] for row in ROWS)) for k in (1, 2)]
    print(f'Total,"{totals[0]}","{totals[1]}",,', file=out)

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Revenue"
sheet.append(["Revenue by day"])
sheet.append([])
sheet.append(["Date", "Revenue", "Discount", "Region", "Bonus"])
for i, (day, revenue, _, discount, region, bonus) in enumerate(ROWS):
    sheet.append([day, None if i % 17 == 3 else revenue, discount / 100, region, bonus])
    row = sheet.max_row
    sheet.cell(row, 1).number_format = "dd/mm/yyyy"
    sheet.cell(row, 2).number_format = "#,##0.00 €"
    sheet.cell(row, 3).number_format = "0%"
older = book.copy_worksheet(sheet)
older.title = "Older"
older.delete_rows(124, 120)
packed = io.BytesIO()
book.save(packed)  # sets the time of the last change
book.properties.created = book.properties.modified = datetime.datetime(2024, 1, 1)
with zipfile.ZipFile(packed) as old, zipfile.ZipFile("workbook.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
    for name in old.namelist():
        content = old.read(name)
        if name == "docProps/core.xml":
            content = openpyxl.xml.functions.tostring(book.properties.to_tree())
        new.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
