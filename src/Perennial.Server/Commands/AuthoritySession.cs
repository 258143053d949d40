using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Commands;

/// <summary>The authority of a data folder, opened for one command.</summary>
internal static class AuthoritySession
{
    /// <summary>Who commands act as in the audit.</summary>
    public const string Actor = "operator at the command line";

    public static async Task<int> RunAsync(ParseResult line, Func<AuthorityParts, Instance, Task<int>> work)
    {
        using var instance = Instance.Read(line.GetRequiredValue(CaCommand.DataFolder));
        try
        {
            await using var database = DatabaseOpening.OpenBeside(instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
            using var parts = AuthorityParts.Compose(instance, database, TimeProvider.System);
            return await work(parts, instance);
        }
        catch (Exception exception) when (
            exception is KeyUnavailableException or IssuerChangedException or StorageUnavailableException or SqliteException or NpgsqlException or IOException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    public static void RequireIssuerName(string name)
    {
        if (!IssuerSlot.IsIssuerName(name))
        {
            throw new OperatorException($"'{name}' cannot be the name of an issuer: it is 1 to 50 letters, digits and - _ .");
        }
    }

    public static JsonObject JsonOf(IssuerSlot slot) => new()
    {
        ["issuer"] = slot.IssuerName,
        ["slot"] = slot.Id,
        ["state"] = slot.State.ToString().ToLowerInvariant(),
        ["key"] = slot.Key.Text.Split('?')[0],
        ["subject"] = slot.Certificate?.Subject.Text,
        ["sha256Thumbprint"] = slot.Certificate?.Thumbprint.ToString(),
        ["notAfterUtc"] = slot.Certificate?.NotAfter.ToString("O", CultureInfo.InvariantCulture),
    };

    public static Task WriteAsync(IssuerSlot slot) => Console.Out.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"{slot.IssuerName,-24} {slot.Id}  {slot.State.ToString().ToLowerInvariant(),-8} {(slot.Certificate is { } own ? $"until {own.NotAfter:yyyy-MM-dd}  {own.Subject}" : slot.Key.IsRemote ? slot.Key.Text.Split('?')[0] : "no certificate yet")}"));
}
