using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Server.Storage;

/// <summary>What one logical hub keeps.</summary>
internal sealed record HubStores(
    IDeviceStore Devices,
    ITwinStore Twins,
    ISubscriptionStore Subscriptions,
    ITelemetryFeed Feed,
    IDeviceboundStore Devicebound,
    IFeedbackStore Feedback,
    IAssignmentStore Assignments);
