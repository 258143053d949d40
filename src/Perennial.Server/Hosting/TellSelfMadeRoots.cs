using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Authority.Authorities;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Says at the start which issuers stand below a root whose key lies on this server: such a root is for testing.</summary>
internal sealed partial class TellSelfMadeRoots(FindSelfMadeRoots roots, ILogger<TellSelfMadeRoots> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var issuer in await roots.RunAsync(cancellationToken))
        {
            LogSelfMade(issuer);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogIds.RootIsSelfMade,
        LogLevel.Warning,
        "The root of issuer {Issuer} was made on this server: it is for testing. For a fleet, keep the root elsewhere: perennial ca root, ca request, ca activate")]
    private partial void LogSelfMade(string issuer);
}
