using Perennial.Hub.Methods;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Server.Http;

/// <summary>Direct methods over HTTPS (hub-protocol §4.8).</summary>
internal static class MethodEndpoint
{
    public static async Task<HubReply> RunAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        var (document, unreadable) = await call.ReadAsync<MethodRequestDocument>();
        if (document is null)
        {
            return unreadable!;
        }

        if (!TryRead(document, out var request, out var broken))
        {
            return HubReply.Fail(broken.IsTooLarge ? HubError.MessageTooLarge : HubError.ArgumentInvalid, broken.Message);
        }

        return await call.Hub.Methods.RunAsync(id, request, call.Aborted) switch
        {
            MethodOutcome.Answered answered => HubReply.Of(new MethodResponseDocument { Status = answered.Status, Payload = answered.Payload }),
            MethodOutcome.NoDevice => RegistryEndpoints.NotFound(id),
            MethodOutcome.NotOnline => HubReply.FailNested(HubError.DeviceNotOnline, "The operation failed because the requested device isn't online."),
            MethodOutcome.NoAnswer => HubReply.FailNested(HubError.GatewayTimeout, "Timed out waiting for the response from device."),
            MethodOutcome.BadAnswer => HubReply.FailNested(HubError.BadDeviceResponse, "The device's answer is no JSON, or too long."),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    /// <summary>Reads what is asked of a device.</summary>
    public static bool TryRead(
        MethodRequestDocument document, [NotNullWhen(true)] out MethodRequest? request, [NotNullWhen(false)] out MethodFault? fault) =>
        MethodRequest.TryCreate(
            document.MethodName,
            document.Payload,
            Seconds(document.ResponseTimeoutInSeconds),
            Seconds(document.ConnectTimeoutInSeconds),
            out request,
            out fault);

    private static TimeSpan? Seconds(int? number) => number is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
