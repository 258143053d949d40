namespace Perennial.Server.Storage.Copies;

/// <summary>An empty database that becomes a copy, wholly or not at all: disposed before <see cref="Commit"/>, it stays empty.</summary>
internal interface ICopyTarget : IDisposable
{
    /// <summary>Writes a table.</summary>
    /// <param name="table">The table; those it refers to are written.</param>
    /// <param name="rows">Values in the order of its columns; null is NULL.</param>
    void Write(TableSchema table, IEnumerable<object?[]> rows);

    long Count(TableSchema table);

    /// <summary>Makes the copy last.</summary>
    void Commit();
}
