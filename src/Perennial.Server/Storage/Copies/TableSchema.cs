namespace Perennial.Server.Storage.Copies;

/// <summary>A table of the stores.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">In their order.</param>
/// <param name="Key">The columns of the primary key.</param>
/// <param name="Identity">The column that numbers itself, or null.</param>
internal sealed record TableSchema(string Name, IReadOnlyList<ColumnSchema> Columns, IReadOnlyList<string> Key, string? Identity)
{
    public string ColumnList => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>All rows, in the order of their key.</summary>
    public string Select => $"SELECT {ColumnList} FROM {Name} ORDER BY {string.Join(", ", Key)}";
}
