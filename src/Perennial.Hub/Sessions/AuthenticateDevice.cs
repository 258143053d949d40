using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The hub's check: does this credential prove this device, or this module of a device, now? Asked at each connect, request and re-check.</summary>
public sealed class AuthenticateDevice(
    IDeviceStore devices,
    IEnrollmentAttestation enrollments,
    CheckToken tokens,
    CheckCertificate certificates,
    HubBehaviour behaviour,
    TimeProvider time)
{
    /// <summary>Whether identities that follow their enrollment are judged by it; else by the leaf or keys that they last registered with.</summary>
    public bool AsksEnrollments => behaviour == HubBehaviour.FollowEnrollment;

    public async Task<DeviceVerdict> RunAsync(DeviceId id, PresentedCredential presented, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        var device = await devices.FindAsync(id, cancellationToken);
        var owner = id.IsModule && device is not null ? await devices.FindAsync(id.Owner, cancellationToken) : device;
        return await JudgeAsync(id, device, owner, presented, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>The same check of an identity that need not be stored.</summary>
    /// <param name="id">The id that is announced.</param>
    /// <param name="device">The identity of the device or module; null when there is none.</param>
    /// <param name="owner">The same, or the device of the module.</param>
    /// <param name="presented">What is shown.</param>
    /// <param name="at">The instant of the check.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<DeviceVerdict> JudgeAsync(
        DeviceId id, DeviceIdentity? device, DeviceIdentity? owner, PresentedCredential presented, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(presented);
        if (device is null)
        {
            return Refuse(new Refusal(HubRefusals.UnknownDevice, $"There is no device identity '{id}'."));
        }

        if (owner is not { IsEnabled: true })
        {
            return Refuse(new Refusal(
                HubRefusals.DeviceDisabled, $"The device identity '{id.Device}' is disabled: {owner?.StatusReason ?? "no reason given"}."));
        }

        if (FollowedBy(device, presented) is { } follows)
        {
            return await AskAsync(device, follows, presented, at, cancellationToken);
        }

        if (await enrollments.FindBlockAsync(id.Device, presented, cancellationToken) is { } block)
        {
            return Refuse(block);
        }

        if (TryProve(device, owner, presented, at, out var proof, out var refusal))
        {
            return new DeviceVerdict.Accepted(device, presented, at, proof);
        }

        // A token of a device covers its modules, which have keys of their own.
        return id.IsModule && presented is PresentedCredential.ByToken && FollowedBy(owner, presented) is { } above
            ? await AskAsync(device, above, presented, at, cancellationToken)
            : Refuse(refusal);

        DeviceVerdict Refuse(Refusal fault) => new DeviceVerdict.Refused(id.Value, presented, at, fault);
    }

    // A token that names a policy is for the hub to judge.
    private DeviceCredential.FollowsEnrollment? FollowedBy(DeviceIdentity device, PresentedCredential presented) =>
        AsksEnrollments
        && presented is PresentedCredential.ByCertificate or PresentedCredential.ByToken { Token.PolicyName: null }
            ? device.Credential as DeviceCredential.FollowsEnrollment
            : null;

    private async Task<DeviceVerdict> AskAsync(
        DeviceIdentity device,
        DeviceCredential.FollowsEnrollment follows,
        PresentedCredential presented,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var token = (presented as PresentedCredential.ByToken)?.Token;
        if (token is not null && CheckToken.CheckTerms(device.Id, token, at) is { } fault)
        {
            return new DeviceVerdict.Refused(device.Id.Value, presented, at, fault);
        }

        return await enrollments.AttestAsync(follows.RegistrationId, presented, at, cancellationToken) switch
        {
            EnrollmentAnswer.Accepted a => new DeviceVerdict.Accepted(
                device, presented, at, new ConnectionProof.ByEnrollment(a.Enrollment, a.Slot, a.Anchor, token is not null)),
            EnrollmentAnswer.Refused r => new DeviceVerdict.Refused(device.Id.Value, presented, at, r.Refusal, r.Nearest ?? follows.Enrollment)
            {
                Drained = r.Drained is { } d && !device.Id.IsModule
                    ? new DeviceVerdict.Accepted(device, presented, at, new ConnectionProof.ByEnrollment(d.Enrollment, d.Slot, d.Anchor, token is not null)) { ObtainsOnly = true }
                    : null,
            },
            var other => throw new InvalidOperationException($"Unknown answer {other.GetType().Name}."),
        };
    }

    private bool TryProve(
        DeviceIdentity device,
        DeviceIdentity owner,
        PresentedCredential presented,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        switch (presented)
        {
            case PresentedCredential.ByCertificate { Chain: var chain }:
                return certificates.TryProve(device, chain, at, out proof, out refusal);
            case PresentedCredential.ByToken { Token: var token }:
                return tokens.TryProve(device, owner, token, at, out proof, out refusal);
            default:
                proof = null;
                refusal = new Refusal(HubRefusals.NoCredential, $"The identity holds {device.Credential}.");
                return false;
        }
    }
}
