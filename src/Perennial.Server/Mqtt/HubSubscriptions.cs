using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Mqtt;

/// <summary>What one device is subscribed to. With a lasting session it is on disk before the device is told (hub-protocol §1.8).</summary>
internal sealed class HubSubscriptions(ISubscriptionStore store, HubConnect connect)
{
    private readonly DeviceId _id = connect.Id;
    private readonly bool _lasts = !connect.IsClean;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _granted = new(StringComparer.Ordinal);

    /// <summary>Takes up the stored session, or forgets it when the device wants a clean one.</summary>
    /// <returns>Whether a session was there.</returns>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(_id, cancellationToken);
        if (stored.Count > 0 && !_lasts)
        {
            await store.ClearAsync(_id, cancellationToken);
            return false;
        }

        Grant(stored);
        return stored.Count > 0;
    }

    public bool Has(string filter)
    {
        lock (_gate)
        {
            return _granted.ContainsKey(filter);
        }
    }

    /// <summary>The quality of service that was granted for the filter; null when the device is not subscribed to it.</summary>
    public int? LevelOf(string filter)
    {
        lock (_gate)
        {
            return _granted.TryGetValue(filter, out var level) ? level : null;
        }
    }

    public async Task<MqttSubAckPacket> AddAsync(MqttSubscribePacket packet, CancellationToken cancellationToken)
    {
        var asked = packet.TopicFilters.ConvertAll(filter => new StoredSubscription(filter.Topic, Math.Min((int)filter.QualityOfServiceLevel, 1)));
        var granted = asked.FindAll(subscription => HubFilter.Classify(subscription.Filter, connect.WireId, connect.ModuleId) != HubSubscription.Foreign);
        if (_lasts && granted.Exists(IsNew))
        {
            await store.SaveAsync(_id, granted, cancellationToken);
        }

        Grant(granted);
        return new MqttSubAckPacket
        {
            PacketIdentifier = packet.PacketIdentifier,
            ReasonCodes = asked.ConvertAll(subscription => granted.Contains(subscription)
                ? (MqttSubscribeReasonCode)subscription.QualityOfService
                : MqttSubscribeReasonCode.UnspecifiedError),
        };
    }

    public async Task<MqttUnsubAckPacket> RemoveAsync(MqttUnsubscribePacket packet, CancellationToken cancellationToken)
    {
        if (_lasts && packet.TopicFilters.Exists(Has))
        {
            await store.RemoveAsync(_id, packet.TopicFilters, cancellationToken);
        }

        lock (_gate)
        {
            packet.TopicFilters.ForEach(filter => _granted.Remove(filter));
        }

        return new MqttUnsubAckPacket { PacketIdentifier = packet.PacketIdentifier };
    }

    private bool IsNew(StoredSubscription subscription)
    {
        lock (_gate)
        {
            return !_granted.TryGetValue(subscription.Filter, out var level) || level != subscription.QualityOfService;
        }
    }

    private void Grant(IEnumerable<StoredSubscription> subscriptions)
    {
        lock (_gate)
        {
            foreach (var subscription in subscriptions)
            {
                _granted[subscription.Filter] = subscription.QualityOfService;
            }
        }
    }
}
