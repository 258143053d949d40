using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Faults of this service that a hub meets.</summary>
internal static partial class HubFaults
{
    [LoggerMessage(LogIds.CertificateNotIssued, LogLevel.Error, "A certificate that a device of the hub '{Hub}' asked for could not be issued; it is tried again in half a minute")]
    public static partial void LogNotIssued(ILogger logger, string hub, Exception exception);
}
