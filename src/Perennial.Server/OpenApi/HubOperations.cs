using Perennial.Protocol.Hub.Jobs;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Server.OpenApi;

/// <summary>The REST API of a hub for back ends; the Host header says which hub.</summary>
internal static class HubOperations
{
    private const string Devices = "Devices";
    private const string Twins = "Twins and methods";
    private const string Jobs = "Jobs";
    private const string Messages = "Messages";
    private const string Read = "RegistryRead";
    private const string Write = "RegistryWrite";
    private const string Connect = "ServiceConnect";

    public static IEnumerable<ApiOperation> All =>
    [
        .. Registry,
        .. OfTwins("/twins/{id}"),
        .. OfTwins("/twins/{id}/modules/{module}"),
        .. Work,
        .. Feed,
        .. ProvisioningOperations.OfPolicies("/hubs/{hub}/policies", "every right of the hub"),
    ];

    private static IEnumerable<ApiOperation> Registry
    {
        get
        {
            yield return new ApiOperation("GET", "/devices", Devices, Read, "Lists devices.").GivesMany<DeviceIdentityDocument>().With(("top", "How many at most, up to 1000."));
            yield return new ApiOperation("POST", "/devices", Devices, Write, "Makes, changes or deletes up to a hundred devices.").Takes<BulkOperationsDocument>().Gives<BulkResultDocument>().With(ProvisioningOperations.DryRun);
            yield return new ApiOperation("GET", "/devices/{id}", Devices, Read, "Shows a device.").Gives<DeviceIdentityDocument>();
            yield return new ApiOperation("PUT", "/devices/{id}", Devices, Write, "Makes a device; with If-Match changes one.").Takes<DeviceIdentityDocument>().Gives<DeviceIdentityDocument>().IfMatch().With(ProvisioningOperations.DryRun);
            yield return new ApiOperation("DELETE", "/devices/{id}", Devices, Write, "Deletes a device, its twin and its messages.").IfMatch().With(ProvisioningOperations.DryRun);
            yield return new ApiOperation("POST", "/devices/{id}/disconnect", Devices, Write, "Ends the connections of a device, which may come back at once.").Gives<DisconnectedDocument>();
            yield return new ApiOperation("GET", "/devices/{id}/modules", Devices, Read, "Lists the modules of a device.").GivesMany<ModuleIdentityDocument>();
            yield return new ApiOperation("GET", "/devices/{id}/modules/{module}", Devices, Read, "Shows a module.").Gives<ModuleIdentityDocument>();
            yield return new ApiOperation("PUT", "/devices/{id}/modules/{module}", Devices, Write, "Makes a module; with If-Match changes one.").Takes<ModuleIdentityDocument>().Gives<ModuleIdentityDocument>().IfMatch().With(ProvisioningOperations.DryRun);
            yield return new ApiOperation("DELETE", "/devices/{id}/modules/{module}", Devices, Write, "Deletes a module.").IfMatch().With(ProvisioningOperations.DryRun);
            yield return new ApiOperation("GET", "/statistics/devices", Devices, Read, "Counts the devices.").Gives<DeviceStatisticsDocument>();
            yield return new ApiOperation("GET", "/statistics/service", Devices, Read, "Counts the devices that are connected.").Gives<ServiceStatisticsDocument>();
            yield return new ApiOperation("POST", "/devices/query", Devices, Connect, "Answers a query in Azure's language, with objects of the shape that it selects.").ByPages();
        }
    }

    private static IEnumerable<ApiOperation> OfTwins(string path)
    {
        yield return new ApiOperation("GET", path, Twins, Connect, "Shows a twin.").Gives<TwinDocument>();
        yield return new ApiOperation("PATCH", path, Twins, Connect, "Changes parts of a twin.").Takes<TwinChangeDocument>().Gives<TwinDocument>().IfMatch();
        yield return new ApiOperation("PUT", path, Twins, Connect, "Replaces tags and desired properties.").Takes<TwinChangeDocument>().Gives<TwinDocument>().IfMatch();
        yield return new ApiOperation("POST", $"{path}/methods", Twins, Connect, "Calls a method of a device that is connected.").Takes<MethodRequestDocument>().Gives<MethodResponseDocument>();
    }

    private static IEnumerable<ApiOperation> Work
    {
        get
        {
            yield return new ApiOperation("PUT", "/jobs/v2/{id}", Jobs, Connect, "Schedules a job.").Takes<JobDocument>().Gives<JobDocument>();
            yield return new ApiOperation("GET", "/jobs/v2/query", Jobs, Connect, "Lists jobs.").GivesMany<JobDocument>(byPages: true).With(("jobType", "The kind."), ("jobStatus", "How they stand."));
            yield return new ApiOperation("GET", "/jobs/v2/{id}", Jobs, Connect, "Shows a job.").Gives<JobDocument>();
            yield return new ApiOperation("POST", "/jobs/v2/{id}/cancel", Jobs, Connect, "Stops a job.").Gives<JobDocument>();
        }
    }

    private static IEnumerable<ApiOperation> Feed
    {
        get
        {
            yield return new ApiOperation("GET", "/hubs/{hub}/telemetry", Messages, Connect, "Follows the telemetry of a hub, a JSON object a line.").With(
                ("after", "The position after which to begin."), ("follow", "Whether to wait for more."));
            yield return new ApiOperation("DELETE", "/devices/{id}/commands", Messages, Connect, "Drops the messages that wait for a device.").Gives<PurgeResultDocument>();
            yield return new ApiOperation("DELETE", "/devices/{id}/modules/{module}/commands", Messages, Connect, "Drops the messages that wait for a module.").Gives<PurgeResultDocument>();
            yield return new ApiOperation("GET", "/messages/serviceBound/feedback", Messages, Connect, "Takes what became of messages to devices.");
            yield return new ApiOperation("DELETE", "/messages/serviceBound/feedback/{lock}", Messages, Connect, "Has done with a batch of feedback.");
            yield return new ApiOperation("POST", "/messages/serviceBound/feedback/{lock}/abandon", Messages, Connect, "Gives a batch of feedback back.");
        }
    }
}
