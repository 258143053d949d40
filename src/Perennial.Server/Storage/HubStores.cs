using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Jobs;
using Perennial.Hub.Messages;
using Perennial.Hub.Queries;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage;

/// <summary>What one logical hub keeps.</summary>
internal sealed record HubStores(
    IDeviceStore Devices,
    ITwinStore Twins,
    ITwinScan Scan,
    IJobStore Jobs,
    ISubscriptionStore Subscriptions,
    ITelemetryFeed Feed,
    IDeviceboundStore Devicebound,
    IFeedbackStore Feedback,
    IAssignmentStore Assignments,
    IRollStore Rolls);
