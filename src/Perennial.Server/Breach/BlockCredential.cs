using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Hubs;
using Perennial.X509;

namespace Perennial.Server.Breach;

/// <summary>Blocks a credential, a device or a group and drops its live connections, or takes a block away.</summary>
internal sealed class BlockCredential(IBlockStore blocks, IEnrollmentStore enrollments, ServedHubs hubs, TimeProvider time)
{
    /// <summary>Makes out the block, and the one device that it is about, or says in one sentence what cannot be blocked.</summary>
    public async Task<(Block? Block, RegistrationId? Device, string? Fault)> ReadAsync(BlockWish wish, string actor, CancellationToken cancellationToken)
    {
        if (Fault(wish) is { } fault)
        {
            return (null, null, fault);
        }

        var block = new Block { Kind = wish.Kind, Name = wish.Name, Drain = wish.Drain, Reason = wish.Reason, Actor = actor, At = time.GetUtcNow() };
        switch (wish.Kind)
        {
            case BlockKind.Device:
                return RegistrationId.TryParse(wish.Name, out var named) ? (block, named, null) : (null, null, $"'{wish.Name}' is no registration id.");
            case BlockKind.Group:
                return EnrollmentKey.TryGroup(wish.Name, out var group) && await enrollments.FindAsync(group, cancellationToken) is not null
                    ? (block, null, null)
                    : (null, null, $"There is no enrollment group '{wish.Name}'.");
        }

        if (!Thumbprint.TryParse(wish.Name, out var thumbprint))
        {
            return (null, null, $"'{wish.Name}' is no SHA-256 thumbprint: 64 hexadecimal digits.");
        }

        var certificate = Given(wish, thumbprint) ?? await blocks.FindCertificateAsync(thumbprint, cancellationToken);
        if (wish.Kind == BlockKind.Certificate)
        {
            return (block, DeviceOf(certificate), null);
        }

        return certificate is { IsCertificateAuthority: true }
            ? (block with { Issuer = certificate }, null, null)
            : (null, null, $"The service knows no CA certificate {wish.Name}. Send it in 'certificate', as PEM or base64 DER.");
    }

    public async Task SaveAsync(Block block, CancellationToken cancellationToken)
    {
        await blocks.SaveAsync(block, cancellationToken);

        // What the block refuses by itself goes first, and without a look at the database: there may be ten thousand.
        var refusal = AttestationRefusals.BlockedBy(block);
        await Task.WhenAll(
            [.. hubs.All.Select(hub => hub.Reconsider.RefuseAsync(session => Refuses(block, session) ? refusal : null, block.At, CancellationToken.None)), ReconsiderAsync()]);
    }

    /// <returns>False when there is none.</returns>
    public async Task<bool> TryLiftAsync(BlockKind kind, string name, string actor, CancellationToken cancellationToken)
    {
        if (!await blocks.TryDeleteAsync(kind, name, actor, cancellationToken))
        {
            return false;
        }

        await ReconsiderAsync();
        return true;
    }

    /// <summary>The one device that a block is about; null for an issuer and a group.</summary>
    public async Task<RegistrationId?> DeviceOfAsync(Block block, CancellationToken cancellationToken) => block.Kind switch
    {
        BlockKind.Device => RegistrationId.TryParse(block.Name, out var device) ? device : null,
        BlockKind.Certificate when Thumbprint.TryParse(block.Name, out var thumbprint) => DeviceOf(await blocks.FindCertificateAsync(thumbprint, cancellationToken)),
        _ => null,
    };

    private static bool Refuses(Block block, LiveSession session)
    {
        var verdict = session.Verdict;
        if (verdict.ObtainsOnly && !block.IsCut)
        {
            return false;
        }

        var id = (verdict.Device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? session.Id.Device;
        return block.Refuses(id, verdict.Chain)
            || (block.Kind == BlockKind.Group
                && verdict.Proof is ConnectionProof.ByEnrollment { Enrollment: { IsGroup: true, Id: var group } }
                && string.Equals(group, block.Name, StringComparison.OrdinalIgnoreCase));
    }

    // The block stands; who asked for it may be gone, and connections are dropped all the same.
    private Task ReconsiderAsync() => Task.WhenAll(hubs.All.Select(hub => hub.Reconsider.AllAsync(CancellationToken.None)));

    private static string? Fault(BlockWish wish) =>
        string.IsNullOrWhiteSpace(wish.Reason) || wish.Reason.Length > Block.MaxReasonLength ? "Say in up to 500 characters why it is blocked."
        : wish.Drain is null ? null
        : wish.Kind is not (BlockKind.Certificate or BlockKind.Issuer) ? "A device or a group cannot be drained, since its next certificate would be its own too: cut it, or drain the certificate or its issuer."
        : wish.Drain.RatePerMinute is < 1 or > DrainTerms.MaxRatePerMinute ? $"ratePerMinute is 1 to {DrainTerms.MaxRatePerMinute}."
        : wish.Drain.First.Count > DrainTerms.MaxFirst ? $"'first' names up to {DrainTerms.MaxFirst} devices."
        : wish.Drain.First.FirstOrDefault(name => !RegistrationId.TryParse(name, out _)) is { } odd ? $"'{odd}' in 'first' is no registration id."
        : null;

    private static RegistrationId? DeviceOf(Certificate? certificate) =>
        certificate is not null && certificate.TryGetCommonName(out var name, out _) && RegistrationId.TryParse(name.Value, out var device) ? device : null;

    private static Certificate? Given(BlockWish wish, Thumbprint thumbprint) =>
        wish.Certificate is { } text && Pem.TryReadCertificates(text, out var certificates, out _)
            ? certificates.FirstOrDefault(certificate => certificate.Thumbprint == thumbprint)
            : null;
}
