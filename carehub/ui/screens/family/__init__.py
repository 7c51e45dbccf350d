"""Family elsewhere: who may see my records, and everyone whose records I may see."""
