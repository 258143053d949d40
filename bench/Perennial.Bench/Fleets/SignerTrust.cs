using System.Collections.Concurrent;
using Perennial.Authority;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench.Fleets;

/// <summary>One enrollment group that trusts an intermediate, or the root above it.</summary>
/// <param name="isRoot">Whether the group trusts the root.</param>
/// <param name="time">The clock.</param>
internal sealed class SignerTrust(bool isRoot, TimeProvider time) : IFleetTrust
{
    private readonly FleetIssuer _old = new(time);
    private readonly FleetIssuer _new = new(time);
    private readonly FleetIssuer _other = new(time);
    private readonly ConcurrentBag<DeviceCredential> _issued = [];

    public Dictionary<string, object> Request => new(StringComparer.Ordinal) { ["enrollmentGroupId"] = SandboxFleet.GroupId };

    private CertificateAuthority NextSigner => isRoot ? _new.Intermediate : _old.NextIntermediate;

    public Task EnrollAsync(FleetOperator @operator, CancellationToken cancellationToken) => @operator.EnrollGroupAsync(
        SandboxFleet.GroupId, isRoot ? _old.RootPem : _old.Intermediate.Own.CertificatePem, cancellationToken);

    public async Task StageAsync(FleetOperator @operator, Action staged, CancellationToken cancellationToken)
    {
        await @operator.StageSigningCertificateAsync(SandboxFleet.GroupId, isRoot ? _new.RootPem : NextSigner.Own.CertificatePem, cancellationToken);
        staged();
    }

    public ValueTask<IReadOnlyList<DeviceCredential>> FirstAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DeviceCredential>>([.. ids.AsParallel().AsOrdered().Select(id => Issue(id, _old.Intermediate))]);

    public ValueTask<DeviceCredential> NextAsync(SandboxDevice device, CancellationToken cancellationToken) => ValueTask.FromResult(Issue(device.Id, NextSigner));

    public DeviceCredential Stranger(string id) => Issue(id, _other.Intermediate);

    public void Dispose()
    {
        foreach (var credential in _issued)
        {
            credential.Dispose();
        }

        _other.Dispose();
        _new.Dispose();
        _old.Dispose();
    }

    private DeviceCredential Issue(string id, CertificateAuthority signer)
    {
        var credential = FleetIssuer.IssueMember(id, signer);
        _issued.Add(credential);
        return credential;
    }
}
