using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;

namespace Perennial.Server.Http;

/// <summary>The modules of devices over HTTPS (hub-protocol §4.1 to §4.3). They are deleted as devices are.</summary>
internal static class ModuleEndpoints
{
    public static async Task<HubReply> GetAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        return await call.Hub.Devices.FindAsync(id, call.Aborted) is { } module ? await ShowAsync(call, module)
            : await call.Hub.Devices.FindAsync(id.Owner, call.Aborted) is null ? RegistryEndpoints.NotFound(id.Owner)
            : RegistryEndpoints.NotFound(id);
    }

    public static async Task<HubReply> ListAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        var modules = await call.Hub.Devices.ListModulesAsync(id, call.Aborted);
        var waiting = await call.CountWaitingAsync([.. modules.Select(module => module.Id)]);
        return modules.Count == 0 && await call.Hub.Devices.FindAsync(id, call.Aborted) is null
            ? RegistryEndpoints.NotFound(id)
            : new HubReply { Body = WireJson.ToUtf8Array([.. modules.Select(module => Document(call, module, waiting.GetValueOrDefault(module.Id)))]) };
    }

    /// <summary>Creates without If-Match, updates with it.</summary>
    public static async Task<HubReply> PutAsync(HubCall call, AnswerIdentityImpact impact)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        var (document, unreadable) = await call.ReadAsync<ModuleIdentityDocument>();
        if (document is null)
        {
            return unreadable!;
        }

        if (!ModuleDocuments.TryRead(document, id, out var requested, out var message) || (id.IsSystem && call.IfMatch.IsMissing))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, message ?? "Ids with a leading $ belong to the system.");
        }

        if (AnswerImpact.IsAsked(call.Context))
        {
            return await RegistryEndpoints.PreviewAsync(call, requested, impact);
        }

        var write = call.IfMatch.IsMissing
            ? await call.Hub.Create.RunAsync(requested, call.Actor, call.Aborted)
            : await call.Hub.Save.RunAsync(requested, RegistryEndpoints.Expected(call.IfMatch), call.Actor, call.Aborted);
        return write is DeviceWrite.Saved saved ? await ShowAsync(call, saved.Device) : RegistryEndpoints.Fault(id, write)!;
    }

    private static async Task<HubReply> ShowAsync(HubCall call, DeviceIdentity module) =>
        HubReply.Of(Document(call, module, await call.CountWaitingAsync(module.Id)), module.ETag);

    private static ModuleIdentityDocument Document(HubCall call, DeviceIdentity module, int waiting) =>
        ModuleDocuments.From(module, call.Hub.Sessions.StateOf(module.Id), waiting);
}
