using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace FollowOffers;

/// <summary>A device that follows whichever offer of a roll comes on its connection, by its twin or by a method, with nothing but an MQTT client.</summary>
public static class Follow
{
    public static async Task<IMqttClient> ConnectAsync(Func<X509Certificate2, MqttClientOptions> optionsFor, X509Certificate2 certificate, X509Certificate2? next, Action<IMqttClient> rolled)
    {
        var (client, told) = (new MqttClientFactory().CreateMqttClient(), 0);
        client.ApplicationMessageReceivedAsync += async heard =>
        {
            var topic = heard.ApplicationMessage.Topic;
            var body = heard.ApplicationMessage.ConvertPayloadToString() is { Length: > 0 } text ? JsonDocument.Parse(text).RootElement : default;
            if (topic.StartsWith("$iothub/twin/res/200/")) body = body.GetProperty("desired");
            var window = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("certificateRenewal", out var member) ? member : default;
            var isOffer = window.ValueKind == JsonValueKind.Object;
            if (topic.StartsWith("$iothub/methods/POST/"))
                await client.PublishStringAsync($"$iothub/methods/res/{(isOffer && topic.Contains("/rollCertificate/") ? 200 : 404)}/{topic[topic.IndexOf('?')..]}", "{}");
            if (isOffer && next is not null && Interlocked.Exchange(ref told, 1) == 0) _ = RollAsync(window);
        };
        await client.ConnectAsync(optionsFor(certificate));
        foreach (var filter in new[] { "$iothub/methods/POST/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/twin/res/#" })
            await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        await client.PublishStringAsync("$iothub/twin/GET/?$rid=1");
        return client;
        async Task RollAsync(JsonElement window)
        {
            var (from, until) = (window.GetProperty("notBefore").GetDateTimeOffset(), window.GetProperty("notAfter").GetDateTimeOffset());
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (from + (until - from) * Random.Shared.NextDouble() - DateTimeOffset.UtcNow).Ticks)));
            await client.DisconnectAsync(); // a hub keeps one connection a device
            rolled(await ConnectAsync(optionsFor, next, null, rolled));
        }
    }
}
