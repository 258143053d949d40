using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Says at the start which issuers stand below a root whose key lies on this server: such a root is for testing.</summary>
internal sealed partial class TellSelfMadeRoots(IIssuerStore issuers, ILogger<TellSelfMadeRoots> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var slots = await issuers.ListAsync(cancellationToken);
        foreach (var slot in slots.Where(slot => slot.State == IssuerState.Active && HasRootHere(slot, slots)))
        {
            LogSelfMade(slot.IssuerName);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool HasRootHere(IssuerSlot slot, IReadOnlyList<IssuerSlot> slots) =>
        slot.Above.Count > 0
        && slots.Any(other => other.Certificate?.Thumbprint == slot.Above[^1].Thumbprint
            && string.Equals(other.IssuerName, CreateAuthority.RootOf(slot.IssuerName), StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(
        LogIds.RootIsSelfMade,
        LogLevel.Warning,
        "The root of issuer {Issuer} was made on this server: it is for testing. For a fleet, keep the root elsewhere: perennial ca root, ca request, ca activate")]
    private partial void LogSelfMade(string issuer);
}
