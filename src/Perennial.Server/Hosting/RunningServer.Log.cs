using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

internal sealed partial class RunningServer
{
    [LoggerMessage(LogIds.Serving, LogLevel.Information, "Serving {IdScope}, up to {Connections} connections")]
    private static partial void LogServing(ILogger logger, string idScope, int connections);

    [LoggerMessage(LogIds.Stopping, LogLevel.Information, "Stopping: no new connections, open ones are closed")]
    private static partial void LogStopping(ILogger logger);

    [LoggerMessage(LogIds.NamesNotCovered, LogLevel.Warning, "The server certificate does not cover {Names}: clients that connect by these names will refuse it")]
    private static partial void LogNamesNotCovered(ILogger logger, string names);
}
