using System.Buffers;
using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Methods;

namespace Perennial.Server.Hubs;

/// <summary>Method calls of jobs: <c>{"methodName":…,"payload":…,"responseTimeoutInSeconds":…,"connectTimeoutInSeconds":…}</c>.</summary>
internal sealed class JobMethods(InvokeMethod methods) : IJobMethod
{
    public string? Check(JsonElement call) => TryRead(call, out _, out var fault) ? null : fault;

    public async Task<JobMethodAnswer> CallAsync(DeviceId device, JsonElement call, CancellationToken cancellationToken)
    {
        if (!TryRead(call, out var request, out var fault))
        {
            return new JobMethodAnswer(null, fault);
        }

        return await methods.RunAsync(device, request, cancellationToken) switch
        {
            MethodOutcome.Answered answered => new JobMethodAnswer(Document(answered), null),
            MethodOutcome.NoDevice => new JobMethodAnswer(null, "There is no such device any more."),
            MethodOutcome.NotOnline => new JobMethodAnswer(null, "The device is not online, or takes no methods."),
            MethodOutcome.NoAnswer => new JobMethodAnswer(null, "The device did not answer in time."),
            _ => new JobMethodAnswer(null, "The device's answer is no JSON, or too long."),
        };
    }

    private static bool TryRead(JsonElement call, [NotNullWhen(true)] out MethodRequest? request, [NotNullWhen(false)] out string? fault)
    {
        var isRead = MethodRequest.TryCreate(
            Member(call, "methodName") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null,
            Member(call, "payload"),
            Seconds(Member(call, "responseTimeoutInSeconds")),
            Seconds(Member(call, "connectTimeoutInSeconds")),
            out request,
            out var broken);
        fault = broken?.Message;
        return isRead;
    }

    private static JsonElement? Member(JsonElement call, string name) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty(name, out var member) ? member : null;

    private static TimeSpan? Seconds(JsonElement? number) =>
        number is { ValueKind: JsonValueKind.Number } given && given.TryGetInt32(out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static JsonElement Document(MethodOutcome.Answered answered)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", answered.Status);
            writer.WritePropertyName("payload");
            answered.Payload.WriteTo(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
