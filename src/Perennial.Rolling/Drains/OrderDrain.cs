using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Impact;
using Perennial.X509;

namespace Perennial.Rolling.Drains;

/// <summary>
/// Puts the devices of new drains in their order. Who they are the preview says: those that would be accepted again if the drain were taken away.
/// </summary>
public sealed class OrderDrain(IDrainStore drains, IBlockStore blocks, PreviewImpact preview, TimeProvider time)
{
    /// <summary>Orders what is not in order; what was cut off is done again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var drain in await drains.ListUnorderedAsync(cancellationToken))
        {
            await RunAsync(drain, cancellationToken);
        }
    }

    private async Task RunAsync(Block drain, CancellationToken cancellationToken)
    {
        var change = PlanChange.OfUnblock(drain, await DeviceOfAsync(drain, cancellationToken));
        for (PageRequest? page = new(null, PageRequest.MaxSize); page is not null;)
        {
            var found = (await preview.ListAsync(change, ImpactOutcome.Gains, page, cancellationToken))!;
            if (found.Items.Count > 0)
            {
                await drains.NoteAsync(drain, [.. found.Items.Select(device => device.Device)], cancellationToken);
            }

            page = found.Next is null ? null : page with { After = found.Next };
        }

        await drains.OrderAsync(drain, time.GetUtcNow(), cancellationToken);
    }

    private async Task<RegistrationId?> DeviceOfAsync(Block drain, CancellationToken cancellationToken) =>
        drain.Kind == BlockKind.Certificate
        && Thumbprint.TryParse(drain.Name, out var thumbprint)
        && await blocks.FindCertificateAsync(thumbprint, cancellationToken) is { } certificate
        && certificate.TryGetCommonName(out var name, out _)
        && RegistrationId.TryParse(name.Value, out var device)
            ? device
            : null;
}
