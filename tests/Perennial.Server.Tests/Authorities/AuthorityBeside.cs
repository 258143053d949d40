using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Authority.Issuance;
using Perennial.Server.Hosting;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Authorities;

/// <summary>The authority of an instance as commands open it, beside the server that runs.</summary>
internal sealed class AuthorityBeside : IAsyncDisposable
{
    private readonly SqlDatabase _database;

    private AuthorityBeside(SqlDatabase database, AuthorityParts parts)
    {
        _database = database;
        Parts = parts;
    }

    public AuthorityParts Parts { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static AuthorityBeside Open(ServedInstance served, TimeProvider time)
    {
        var database = DatabaseOpening.OpenBeside(served.Instance.Database, NullLoggerFactory.Instance, time);
        return new(database, AuthorityParts.Compose(served.Instance, database, time));
    }

    /// <summary>Makes an issuer <c>factory</c> and a profile <c>lamps</c>.</summary>
    public async Task PrepareAsync()
    {
        await Parts.CreateAuthority.RunAsync(new() { IssuerName = "factory" }, "op", Stop);
        await Parts.Profiles.SaveAsync(new() { Name = "lamps", IssuerName = "factory" }, "op", Stop);
    }

    public async Task<IssuedChain> IssueAsync(string device)
    {
        var request = TestSigningRequest.Make(device);
        var outcome = await Parts.Issue.RunAsync(
            new() { ProfileName = "lamps", SigningRequest = request, CommonName = request.CommonName, Actor = $"device {device}" }, Stop);
        return Assert.IsType<IssuanceOutcome.Issued>(outcome).Chain;
    }

    public async ValueTask DisposeAsync()
    {
        Parts.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>Writes certificates as PEM into a file.</summary>
    public static string Write(string folder, string name, params IEnumerable<Certificate> certificates)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, string.Concat(certificates.Select(Pem.Write)));
        return path;
    }
}
