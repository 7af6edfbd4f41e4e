"""The words that names of columns are made of, by what they say: in small letters, without accents."""

from __future__ import annotations

import re


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Who, and which one. Names that are written as one word are told by a part of it.
CUSTOMER_PARTS = re.compile(
    "customer|client|member(?!ship)|subscriber|household|shopper|buyer|guest|patron|donor|constituent|contact|cardholder"
    "|userid|accountid|card_?no|cc_?num|kunde|konsument|debitor|auftraggeber|klient|cliente|klant"
)
CUSTOMER = _words("cust user account card loyalty email mail payer player konto iban kontoinhaber")
# These belong to the same customer several times, so a column of them is the customer only where no other one is.
LESS_LIKELY_CUSTOMER = _words("name email mail account card user contact loyalty iban konto")
# Beside an account or a card, this is the person.
HOLDER = _words("holder inhaber kontoinhaber titular titulaire")
ADDRESS = _words("email mail")
# Beside the customer, these make of it a trait of customers.
TRAIT = _words(
    "age birth birthday gender language title company type segment group class category persona stage status tier",
    "level since joined dt date tenure lifetime activity active country state region province city zip postcode",
    "postal prefix lat lng plz ort land plaats fax phone mobile ip value total spend limit balance orders num count",
    "size points score rating satisfaction service calls note notes tags source owner response accepts consent",
    "marketing program last first next previous days weeks months ago recency",
)
IDENTIFYING = _words(
    "id ids uuid guid no nr number num nummer numero key code codigo codice cod ref reference index clientnum",
)
MORE_THAN_A_NUMBER = _words("id uuid guid")
# Something else than a customer may have such a number, or be counted by it.
MERE_NUMBER = _words("number no num index")
MERE_CODE = _words("code codigo codice cod key")
ROW_NUMBER = _words("row rownumber rownum rowid index unnamed lfd")

# Orders
ORDER_PARTS = re.compile(
    "order|invoice|transaction|receipt|basket|ticket|booking|checkout|trans|txn|purchase|payment|bill|sale|charge"
    "|bestell|auftrag|rechnung|beleg|faktura|bon|commande|facture|pedido|factura|fattura|factuur|fatura"
)
# Without “id” or “number” beside it, only such a word alone is the number of an order.
ORDER = _words(
    "order orderid invoice invoiceno transaction receipt basket ticket booking checkout purchase",
    "bestellung auftrag rechnung beleg faktura bon commande facture pedido factura fattura factuur fatura",
)
ABOUT_AN_ORDER = _words(
    "orders transactions purchases sales ordered purchased pedidos commandes ordini bestellungen bestellingen",
    "compras line lines item items customer type method status state priority channel currency note notes tags",
    "total count sum value amount amt price quantity qty discount tax avg average per last first frequency date day",
    "days time at hour dow",
)

# How many, and for how much
QUANTITY = _words("quantity qty pieces pcs units menge anzahl quantite cantidad quantita quantidade qtd aantal")
UNIT_PRICE = _words(
    "price unitprice einzelpreis preis stueckpreis stuckpreis nettopreis prix precio prezzo preco prijs stukprijs",
)
AMOUNT = _words(
    "amount amt total totalprice linetotal subtotal sum gross net revenue sales sale saleprice proceeds turnover",
    "spend spent value paid payment charge monetary mnt ext extended betrag gesamtbetrag gesamtpreis summe umsatz",
    "netto brutto nettowert montant importe importo bedrag valor",
)
AMOUNT_FIRST = _words(
    "total amount gross sales revenue value betrag gesamtpreis umsatz nettowert montant importe importo bedrag",
)
IN_ALL = _words("total grand")
AFTER_DISCOUNTS = _words("sales revenue")
NO_AMOUNT = _words(
    "id number quantity qty count unit unitario unitaire weight rate points sequential profit margin commission cost",
    "costs tax taxes vat duties fee fees tip tips shipping freight discount discounts coupon rebate credits marked",
    "compare converted adjustment adjustments donation refund refunds refunded balance saldo outstanding installments",
    "formatted steuer mwst versand",
)
REFUNDED = _words("refund refunds refunded returned erstattet")
DISCOUNT = _words("discount rabatt remise descuento")
CURRENCY = _words("currency wahrung waehrung devise moneda moeda valuta")

# When
DATE = _words(
    "date day time when timestamp at dt created paid ordered orderdate purchased invoicedate sale booking transaction",
    "datum tag fecha data",
)
PURCHASE_DATE = _words("order purchase purchased invoice transaction sale created booking")
LATER_DATE = _words(
    "ship shipped shipping delivered delivery carrier fulfilled due required limit estimated approved updated closed",
    "cancelled refunded available payout value valuta",
)
DURATION = _words("tenure seniority duration age days weeks month months years")
TIME = _words("age date time day days week weeks month months year years hours")
CALENDAR_PART = _words("day weekday dow week month quarter hour tag monat")
LENGTH = _words("days since per last in of active num avg average mins calls spend spent spending")
BIRTH = _words("birth birthyear born yob dob geburtsjahr naissance nacimiento")

# What
GOODS_GROUP = _words("category department dept aisle kategorie warengruppe categorie categoria")
GOODS = _words(
    "product item lineitem description sku stockcode article title artikel designation articulo produto producto",
    "prodotto descrizione descripcion omschrijving",
)
GROCERIES = _words(
    "fresh milk grocery groceries frozen detergents paper delicassen delicatessen produce fruit fruits vegetables",
    "wine wines meat fish sweets sweet gold dairy bakery bread beverages drinks household clothing fashion apparel",
    "shoes electronics toys books furniture cosmetics beauty sports jewelry stationery",
)

# What became of an order
OUTCOME_OF_AN_ORDER = _words("status state")
# What a table may hold one row each of; “last_order_status” is of a customer.
EVENT = _words("reservation booking order purchase invoice transaction ticket appointment")
ONE_OF_SEVERAL = _words("last latest first previous next")
STATUS = OUTCOME_OF_AN_ORDER | _words("event action type")
NOT_BOUGHT = _words(
    "failed failure void voided cancelled canceled declined denied expired abandoned rejected blocked reversed",
    "removed unavailable uncaptured requires_payment_method wc-failed wc-cancelled storniert annule anulado",
    "annullato view product_view page_view pageview view_item impression click search cart add_to_cart addtocart",
    "remove_from_cart wishlist add_to_wishlist",
)
RETURNED = _words("refund refunded return returned chargeback gutschrift retoure avoir reembolso rimborso")

# What a customer pays for what they take
SPEND = _words(
    "spend spends spent spending expenditure expense expenses sale sales revenue turnover amount amt mnt monetary",
    "charge charges billed invoiced mrr arr acv gmv giving donated donation donations umsatz umsatze ausgaben",
    "betrag montant affaires depenses gasto gastos importe ventas importo fatturato omzet gastado",
)
# These are spend only where nothing beside them says otherwise.
PERHAPS_SPEND = _words(
    "purchase purchases paid premium bill billing fees oneoff installments total value clv ltv usd eur gbp valor",
    "valore wert",
)
# Beside one of these, a word above is something else.
NO_SPEND = _words(
    # numbers, shares and measures
    "num number count cnt ct trx transactions frequency freq quantity qty units orders items visits visit calls",
    "sessions messages vmail minutes mins hour hours seats employees customers buyers anzahl nombre share pct",
    "percent percentage rate ratio anteil score rank index level average avg mean median per aov basket deviation",
    "variance change chng hike growth increase decrease likelihood probability prediction predicted expected",
    "estimated potential forecast goal quota miles points kwh gb mb kg distance duration volume utilization recency",
    "tenure durchschnitt schnitt moyen moyenne promedio medio medie",
    # money that is owed, earned, owned, given back or given off
    "balance bal limit pay payment payments repayment minimum due overdue open outstanding owed arrears revolving",
    "utilization credit debt loan advance deposit savings saldo income salary wage einkommen gehalt annualrevenue",
    "wealth worth assets budget bonus commission profit margin cost losses risk dispute claim claims insured",
    "cashback payout refund refunds refunded returned returns discount discounts tax taxes shipping price prices",
    "adr",
    # what things are
    "id type category status formatted latitude longitude lat lng zip postcode phone working",
)
# Nobody has paid this yet.
NOT_YET = _words("prediction predicted expected estimated potential forecast goal quota")
# What these are worth is owned.
OWNED = _words("car vehicle house home property")
WORTH = _words("value total price")
# One purchase of several says nothing of the others.
ONE_OF_SEVERAL = _words("first last largest biggest highest maximum max smallest lowest min")

# What numbers count or stand for
COUNT = _words(
    "num number count cnt ct qty quantity anzahl aantal size of times frequency trx visits calls items products",
    "contacts sessions clicks opens logins tickets seats nights rooms bedrooms cars kids children kinder kidhome",
    "teenhome members dependents campaign previous months years tenure",
)
COUNTED = _words(
    "orders purchases transactions pedidos compras commandes ordini bestellungen bestellingen gifts claims",
)
SCALE = _words("score rating satisfaction stars grade likert importance quality likelihood nps level")
CODE = _words(
    "region area zone district territory country state city site store branch warehouse department route agent brand",
    "browser systems channel type code class group segment cluster plan tariff exp expiry filiale gruppe category",
    "occupation profession",
)
# At the end of a name, these say that it is a code, whatever stands before them: “Policy_Sales_Channel”.
CODE_OF_SOMETHING = _words("channel region code class group segment cluster tariff territory district zone agent id")
POSTAL = _words("zip zipcode postcode postal plz postleitzahl cap cp cep pincode")
POSTAL_PARTS = re.compile("post(al)?_?code|zip_?code|postleitzahl")
TELEPHONE = _words("phone telephone mobile fax cell msisdn telefon telefono telefone handy tel")
ABOUT_TELEPHONES = _words("service plan line lines calls count minutes")
PLACE = _words("latitude longitude lat lng lon")
