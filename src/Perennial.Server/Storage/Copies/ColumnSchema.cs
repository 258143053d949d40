namespace Perennial.Server.Storage.Copies;

/// <summary>A column of the stores.</summary>
internal sealed record ColumnSchema(string Name, ColumnKind Kind);

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    Integer,
    Text,
    Bytes,
    Real,
}
