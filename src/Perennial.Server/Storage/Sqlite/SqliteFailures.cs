using Microsoft.Data.Sqlite;

namespace Perennial.Server.Storage.Sqlite;

/// <summary>Tells failures of the disk, or of another process at the file, from failures of a statement.</summary>
internal static class SqliteFailures
{
    /// <summary>The exception that callers get.</summary>
    public static Exception Of(Exception exception) => exception is SqliteException sqlite && IsOutage(sqlite)
        ? new StorageUnavailableException("The database cannot do it now.", exception)
        : exception;

    public static bool IsOutage(SqliteException exception) => exception.SqliteErrorCode is
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_READONLY
        or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_CANTOPEN;
}
