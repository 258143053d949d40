using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuance;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;
using Perennial.X509;

namespace Perennial.Bench.Fleets;

/// <summary>One enrollment group that trusts the issuing authority of the service; devices obtain what they use from it.</summary>
/// <param name="folder">The data folder of the instance, where the authority is made as the command line does it.</param>
/// <param name="surroundings">Where devices ask.</param>
internal sealed class IssuerTrust(string folder, FleetSurroundings surroundings) : IFleetTrust
{
    private const string Name = "fleet";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly RequestLeaf _request = new(surroundings);
    private readonly FleetIssuer _other = new(surroundings.Time);
    private readonly ConcurrentDictionary<string, DeviceCredential> _next = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<DeviceCredential> _issued = [];

    public Dictionary<string, object> Request => new(StringComparer.Ordinal) { ["issuer"] = Name };

    public Task EnrollAsync(FleetOperator @operator, CancellationToken cancellationToken) => WithAuthorityAsync(async parts =>
    {
        await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = Name }, "bench", cancellationToken);
        await parts.Profiles.SaveAsync(new() { Name = Name, IssuerName = Name, AllowsSelfRoll = true }, "bench", cancellationToken);
        var issuer = await parts.Issuers.FindActiveAsync(Name, cancellationToken) ?? throw new InvalidOperationException("The authority does not issue.");
        await @operator.EnrollGroupAsync(SandboxFleet.GroupId, Pem.Write(issuer.Certificate!), cancellationToken, Name);
    });

    public async Task StageAsync(FleetOperator @operator, Action staged, CancellationToken cancellationToken)
    {
        await WithAuthorityAsync(parts => parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = Name, Stage = true }, "bench", cancellationToken));
        staged();
    }

    public async ValueTask<IReadOnlyList<DeviceCredential>> FirstAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var first = new DeviceCredential[ids.Count];
        await WithAuthorityAsync(parts => Parallel.ForAsync(0, ids.Count, cancellationToken, async (i, stop) =>
            first[i] = await IssueAsync(parts.Issue, ids[i], stop)));
        return first;
    }

    /// <summary>Asks until it is given one; the same request while it is not, since the answer to it may have been lost.</summary>
    public async ValueTask<DeviceCredential> NextAsync(SandboxDevice device, CancellationToken cancellationToken)
    {
        if (_next.TryGetValue(device.Id, out var before))
        {
            return before;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        while (true)
        {
            if (await _request.TryAsync(device.Id, device.Credential, key, cancellationToken) is { } next)
            {
                _issued.Add(next);
                return _next[device.Id] = next;
            }

            await Task.Delay(Pause, surroundings.Time, cancellationToken);
        }
    }

    public DeviceCredential Stranger(string id)
    {
        var credential = FleetIssuer.IssueMember(id, _other.Intermediate);
        _issued.Add(credential);
        return credential;
    }

    public void Dispose()
    {
        foreach (var credential in _issued)
        {
            credential.Dispose();
        }

        _other.Dispose();
    }

    private async Task<DeviceCredential> IssueAsync(IssueCertificate issue, string id, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!CertificateSigningRequest.TryParse(RequestLeaf.Sign(id, key), out var request, out var refusal))
        {
            throw new InvalidOperationException(refusal.Detail);
        }

        var outcome = await issue.RunAsync(
            new() { ProfileName = Name, SigningRequest = request, CommonName = request.CommonName, Actor = "bench" }, cancellationToken);
        var credential = outcome is IssuanceOutcome.Issued issued
            ? RequestLeaf.Join(issued.Chain.OnWire, key)
            : throw new InvalidOperationException($"{outcome} instead of a certificate for {id}.");
        _issued.Add(credential);
        return credential;
    }

    private async Task WithAuthorityAsync(Func<AuthorityParts, Task> work)
    {
        using var instance = Instance.Read(folder);
        await using var database = DatabaseOpening.Open(instance.Database, NullLoggerFactory.Instance, surroundings.Time);
        using var parts = AuthorityParts.Compose(instance, database, surroundings.Time);
        await work(parts);
    }
}
