using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;

namespace Perennial.Server.Mqtt;

internal sealed partial class HubDoor
{
    [LoggerMessage(LogIds.HubConnectFailed, LogLevel.Error, "The device '{Device}' could not be checked; it is told to come again")]
    private partial void LogFailed(string device, Exception exception);
}
