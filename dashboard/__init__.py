"""What only a served page needs: the template, the data source, the address."""
