using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Copies;

namespace Perennial.Server.Commands;

/// <summary><c>perennial database copy</c>: moves the records from one kind of database to another.</summary>
internal static class DatabaseCommand
{
    private static readonly Option<string> From = Address("--from", "What to copy: a SQLite file, or a PostgreSQL database as Host=…;Database=…;Username=…");

    private static readonly Option<string> To = Address("--to", "Where to: a file that is not there yet, or a PostgreSQL database without records.");

    public static Command Create()
    {
        var copy = new Verb("copy", "Copies every record into an empty database, wholly or not at all. Stop the server first.", "perennial database copy --from perennial-data/perennial.db --to copy.db") { From, To };
        copy.SetAction((line, cancellationToken) => CopyAsync(
            DatabaseAddress.Parse(line.GetRequiredValue(From), "--from"), DatabaseAddress.Parse(line.GetRequiredValue(To), "--to"), cancellationToken));
        return new Command("database", "Works on databases.") { copy };
    }

    private static async Task<int> CopyAsync(DatabaseAddress from, DatabaseAddress to, CancellationToken cancellationToken)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var counts = await Task.Run(() => Copy(from, to, interrupt.Token), CancellationToken.None);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Copied {counts.Values.Sum()} rows; every count agrees."));
            return 0;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("perennial: stopped; nothing was copied.");
            return SandboxCommand.Interrupted;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupt.Cancel();
        }
    }

    private static IReadOnlyDictionary<string, long> Copy(DatabaseAddress from, DatabaseAddress to, CancellationToken cancellationToken)
    {
        var schema = DatabaseSchema.Read(TimeProvider.System);
        using var source = Guard(from, () => from.IsPostgres ? CopySource.OfPostgres(from.ConnectionString) : CopySource.OfFile(from.Text));
        Guard(from, () =>
        {
            source.Require(schema);
            return true;
        });
        using var target = Guard<ICopyTarget>(to, () => to.IsPostgres
            ? PostgresCopyTarget.Create(to.ConnectionString, schema, TimeProvider.System)
            : SqliteCopyTarget.Create(to.Text, TimeProvider.System));
        return Guard(to, () => new CopyDatabase(schema, Tell).Run(source, target, cancellationToken));
    }

    private static T Guard<T>(DatabaseAddress address, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (
            exception is SqliteException or NpgsqlException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OperatorException($"{address}: {exception.Message}", exception);
        }
    }

    private static void Tell(string table, long copied, long total)
    {
        if (total > 0)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {table,-24} {copied,12} of {total}"));
        }
    }

    private static Option<string> Address(string name, string description) =>
        new(name) { Description = description, HelpName = "DATABASE", Required = true };
}
