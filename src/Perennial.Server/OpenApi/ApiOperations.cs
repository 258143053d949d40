namespace Perennial.Server.OpenApi;

/// <summary>The REST API: every request that back ends and operators' tools may send. Devices' protocols are not among them.</summary>
internal static class ApiOperations
{
    public static IReadOnlyList<ApiOperation> All { get; } = [.. ProvisioningOperations.All, .. HubOperations.All];
}
