"""How it is kept: keys (`vault`), the encrypted database (`store`), and one module for each noun in it.

`vault` imports nothing heavy; `store` and the nouns bring SQLAlchemy and SQLCipher with them.
The functions of a noun take the connection first, and the caller decides where a transaction ends.
"""
