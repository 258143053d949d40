using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using Perennial.Hub.Devices;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;
using Perennial.Protocol.Provisioning.Enrollments;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>Queries over twins (hub-protocol §8): all devices, or one by its id.</summary>
internal static partial class QueryEndpoint
{
    private const int DefaultSize = 100;
    private const int MaxSize = 1000;

    public static async Task<HubReply> RunAsync(HubCall call)
    {
        var (document, unreadable) = await call.ReadAsync<QuerySpecification>();
        if (document is null)
        {
            return unreadable!;
        }

        var query = AllDevices().Match(document.Query ?? string.Empty);
        if (!query.Success || !TryReadContinuation(call.Context.Request.Headers[WireHeader.Continuation], out var after))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, "BadRequest: the query is not one of those supported: SELECT * FROM devices [WHERE deviceId = '...']");
        }

        return query.Groups["id"] is { Success: true, Value: var one } ? await OneAsync(call, one) : await PageAsync(call, after);
    }

    private static async Task<HubReply> OneAsync(HubCall call, string text) => DeviceId.TryParse(text, out var id)
        && await call.Hub.Devices.FindAsync(id, call.Aborted) is { } device
        ? await ShowAsync(call, [device], null)
        : await ShowAsync(call, [], null);

    private static async Task<HubReply> PageAsync(HubCall call, DeviceId? after)
    {
        var size = int.TryParse(call.Context.Request.Headers[WireHeader.MaxItemCount], NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, 1, MaxSize)
            : DefaultSize;
        var devices = await call.Hub.Devices.ListAsync(after, size + 1, call.Aborted);
        return await ShowAsync(
            call, [.. devices.Take(size)], devices.Count > size ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(devices[size - 1].Id.Value)) : null);
    }

    private static async Task<HubReply> ShowAsync(HubCall call, IReadOnlyList<DeviceIdentity> devices, string? continuation)
    {
        var documents = new List<TwinDocument>(devices.Count);
        foreach (var device in devices)
        {
            if (await call.Hub.Twins.FindAsync(device.Id, call.Aborted) is { } twin)
            {
                documents.Add(TwinDocuments.From(device, twin, call.Hub.Sessions.StateOf(device.Id)));
            }
        }

        return new HubReply { Body = WireJson.ToUtf8Array(documents), Continuation = continuation, ItemType = ItemType.Twin };
    }

    private static bool TryReadContinuation(string? text, out DeviceId? after)
    {
        after = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        return text.Length <= 2 * DeviceId.MaxLength && Base64Url.IsValid(text)
            && DeviceId.TryParse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)), out after);
    }

    [GeneratedRegex(@"^\s*SELECT\s+\*\s+FROM\s+devices(\s+WHERE\s+deviceId\s*=\s*('(?<id>[^']*)'|""(?<id>[^""]*)""))?\s*;?\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AllDevices();
}
