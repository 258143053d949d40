using System.Buffers;
using System.Text.Json;

namespace Perennial.Hub.Methods;

/// <summary>What a back end asks of a device, within the bounds (hub-protocol §4.8).</summary>
public sealed record MethodRequest
{
    public const int MaxNameLength = 100;

    /// <summary>The longest payload and the longest answer, in bytes of JSON.</summary>
    public const int MaxPayload = 128 * 1024;

    public static readonly TimeSpan DefaultResponseTime = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MinResponseTime = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan MaxResponseTime = TimeSpan.FromSeconds(300);

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*:$");

    private static readonly byte[] Null = "null"u8.ToArray();

    private MethodRequest(string name, ReadOnlyMemory<byte> payload, TimeSpan responseTime, TimeSpan connectTime)
    {
        Name = name;
        Payload = payload;
        ResponseTime = responseTime;
        ConnectTime = connectTime;
    }

    public string Name { get; }

    /// <summary>JSON; the literal <c>null</c> for none.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>How long the device may take to answer.</summary>
    public TimeSpan ResponseTime { get; }

    /// <summary>How long a device that is not there is waited for.</summary>
    public TimeSpan ConnectTime { get; }

    /// <summary>Takes a request that keeps to the bounds.</summary>
    /// <param name="name">1 to 100 letters, digits and <c>- . _ * : $</c>.</param>
    /// <param name="payload">Any JSON, or null.</param>
    /// <param name="responseTime">5 to 300 seconds; null for 30.</param>
    /// <param name="connectTime">0 to the response time; null for 0.</param>
    /// <param name="request">The request.</param>
    /// <param name="fault">Which bound it breaks.</param>
    public static bool TryCreate(
        string? name,
        JsonElement? payload,
        TimeSpan? responseTime,
        TimeSpan? connectTime,
        [NotNullWhen(true)] out MethodRequest? request,
        [NotNullWhen(false)] out MethodFault? fault)
    {
        var (response, connect) = (responseTime ?? DefaultResponseTime, connectTime ?? TimeSpan.Zero);
        var json = payload is { } given ? JsonSerializer.SerializeToUtf8Bytes(given, MethodJson.Default.JsonElement) : Null;
        fault = name is not { Length: > 0 and <= MaxNameLength } || name.AsSpan().ContainsAnyExcept(Allowed)
                ? MethodFault.Invalid($"A method's name is 1 to {MaxNameLength} letters, digits and - . _ * : $.")
            : response < MinResponseTime || response > MaxResponseTime
                ? MethodFault.Invalid($"The response time-out is {MinResponseTime.TotalSeconds} to {MaxResponseTime.TotalSeconds} s.")
            : connect < TimeSpan.Zero || connect > response
                ? MethodFault.Invalid("The connect time-out is 0 s to the response time-out.")
            : json.Length > MaxPayload ? MethodFault.TooLarge($"The payload is longer than {MaxPayload} bytes.")
            : null;
        request = fault is null ? new MethodRequest(name!, json, response, connect) : null;
        return request is not null;
    }
}
