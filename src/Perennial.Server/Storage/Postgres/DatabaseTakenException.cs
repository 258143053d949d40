namespace Perennial.Server.Storage.Postgres;

/// <summary>Another server writes this database.</summary>
internal sealed class DatabaseTakenException(Exception innerException)
    : IOException("Another perennial writes this database; one database has one server.", innerException);
