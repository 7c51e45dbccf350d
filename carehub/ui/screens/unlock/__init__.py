"""The lock: PIN, passphrase or recovery code, the wait after wrong tries, and urgent news."""
