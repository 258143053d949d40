using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Access;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Policies;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>Shared access policies for their owners: <c>/policies</c> of the provisioning service, <c>/hubs/{hub}/policies</c> of a hub.</summary>
internal sealed class PolicyEndpoints(AnswerOwner answers, ServiceCall call, ServedHubs hubs, Action<Refusal, string> note, TimeProvider time)
{
    private readonly HubGate _gate = new(hubs, note, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        Map("", HttpMethods.Get, ask => Task.FromResult(answers.List(ask.Scope, ask.ShowsKeys)));
        Map("/{name}", HttpMethods.Get, ask => Task.FromResult(answers.Find(ask.Scope, ask.Name, ask.ShowsKeys)));
        Map("/{name}", HttpMethods.Put, ask => answers.SaveAsync(ask.Scope, ask.Name, ask.Body, ask.Actor, ask.Context.RequestAborted));
        Map("/{name}", HttpMethods.Delete, ask => answers.DeleteAsync(ask.Scope, ask.Name, ask.Actor, ask.Context.RequestAborted));
        Map("/{name}/roll", HttpMethods.Post, ask =>
            answers.RollKeyAsync(ask.Scope, ask.Name, ask.Context.Request.Query["slot"], ask.Actor, ask.Context.RequestAborted));
        Map("/{name}/swap", HttpMethods.Post, ask => answers.SwapKeysAsync(ask.Scope, ask.Name, ask.Actor, ask.Context.RequestAborted));

        void Map(string path, string method, Func<Ask, Task<PolicyAnswer>> answer)
        {
            routes.MapMethods($"/policies{path}", [method], call.Endpoint(
                PolicyScope.Provisioning.All, (context, policy, body) => ServiceAsync(context, policy, body, answer)));
            routes.MapMethods($"/hubs/{{hub}}/policies{path}", [method], _gate.AllowNamed(HubPermissions.All, asked => HubAsync(asked, answer)));
        }
    }

    private async Task ServiceAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body, Func<Ask, Task<PolicyAnswer>> answer)
    {
        var given = await answer(new Ask(PolicyScope.Provisioning, context, body, ServiceCall.Actor(policy)));
        if (given.Fault is { } fault)
        {
            var error = given.Status == StatusCodes.Status404NotFound ? ProvisioningError.NotFound : ProvisioningError.BadRequest;
            await call.ErrorAsync(context, error.WithMessage(fault));
        }
        else if (given.Body is { } document)
        {
            await Reply.JsonAsync(context, given.Status, document);
        }
        else
        {
            await Reply.NoContentAsync(context);
        }
    }

    private static async Task<HubReply> HubAsync(HubCall asked, Func<Ask, Task<PolicyAnswer>> answer)
    {
        if (await RequestBody.ReadAsync(asked.Context, WireJson.MaxLength) is not { } body)
        {
            return HubReply.Fail(HubError.MessageTooLarge, "The body is too long.");
        }

        var given = await answer(new Ask(new PolicyScope(asked.Hub.Name), asked.Context, body, asked.Actor));
        return given.Fault is { } fault
            ? HubReply.Fail(given.Status == StatusCodes.Status404NotFound ? HubError.NotFound : HubError.ArgumentInvalid, fault)
            : new HubReply { Status = given.Status, Body = given.Body };
    }

    private sealed record Ask(PolicyScope Scope, HttpContext Context, ReadOnlyMemory<byte> Body, string Actor)
    {
        public string Name => (string)Context.Request.RouteValues["name"]!;

        public bool ShowsKeys => Context.Request.Query["keys"] == "true";
    }
}
