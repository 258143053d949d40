using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>The refusals of allocation; each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class AllocationRefusals
{
    public static RefusalReason NoEligibleHub { get; } = new(
        4001,
        "no-eligible-hub",
        "None of the hubs that the enrollment names is linked to this service.",
        "Link the hub with --hub or --linked-hub, or name a linked hub in the enrollment's iotHubs.");

    public static RefusalReason CustomAllocationFailed { get; } = new(
        4002,
        "custom-allocation-failed",
        "The enrollment's webhook did not choose a hub.",
        "Let the webhook answer 200 within five seconds with iotHubHostName, at an address that this server may reach.");

    public static RefusalReason CustomAllocationChoseNoHub { get; } = new(
        4003,
        "custom-allocation-chose-no-hub",
        "The enrollment's webhook chose a hub that it was not offered.",
        "Let the webhook choose one of the linkedHubs of the request, or link the hub and name it in the enrollment's iotHubs.");

    public static RefusalReason HubUnreachable { get; } = new(
        4004,
        "hub-unreachable",
        "The linked hub does not answer, so the registration waits.",
        "Bring the hub back, or unlink it; the registration goes on by itself.");

    public static RefusalReason HubRefused { get; } = new(
        4005,
        "hub-refused",
        "The linked hub refuses what this service asks of it.",
        "Give the link a connection string whose policy may read and write the registry and connect as a service.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
        [NoEligibleHub, CustomAllocationFailed, CustomAllocationChoseNoHub, HubUnreachable, HubRefused];
}
