using Perennial.Protocol;
using Perennial.Protocol.Access;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;

namespace Perennial.Server.Policies;

/// <summary>The requests of owners about the policies of one scope. What was changed is in force when the answer goes out.</summary>
internal sealed class AnswerOwner(ChangePolicies change, PolicyFile file, LivePolicies live, ServedHubs hubs)
{
    public PolicyAnswer List(PolicyScope scope, bool showsKeys) => new(
        200, WireJson.ToUtf8Array([.. (live.Current.Of(scope) ?? []).Select(policy => Document(policy, showsKeys))]));

    public PolicyAnswer Find(PolicyScope scope, string name, bool showsKeys) =>
        ChangePolicies.Find(live.Current.Of(scope) ?? [], name) is { } policy
            ? new PolicyAnswer(200, WireJson.ToUtf8(Document(policy, showsKeys)))
            : NotFound(name);

    public async Task<PolicyAnswer> SaveAsync(PolicyScope scope, string name, ReadOnlyMemory<byte> body, string actor, CancellationToken cancellationToken) =>
        WireJson.TryParse<PolicyDocument>(body.Span, out var document, out var fault) && TryReadRights(document.Rights, out var rights, out fault)
            ? await DoneAsync(await change.SaveAsync(scope, name, rights, cancellationToken), name, actor)
            : new PolicyAnswer(400, null, fault);

    /// <param name="scope">Whose policies.</param>
    /// <param name="name">The policy.</param>
    /// <param name="slot"><c>primary</c> or <c>secondary</c>.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<PolicyAnswer> RollKeyAsync(PolicyScope scope, string name, string? slot, string actor, CancellationToken cancellationToken) =>
        slot is "primary" or "secondary"
            ? await DoneAsync(await change.RollKeyAsync(scope, name, slot == "primary", cancellationToken), name, actor)
            : new PolicyAnswer(400, null, "Name the slot in the query: slot=primary or slot=secondary.");

    public async Task<PolicyAnswer> SwapKeysAsync(PolicyScope scope, string name, string actor, CancellationToken cancellationToken) =>
        await DoneAsync(await change.SwapKeysAsync(scope, name, cancellationToken), name, actor);

    public async Task<PolicyAnswer> DeleteAsync(PolicyScope scope, string name, string actor, CancellationToken cancellationToken) =>
        await DoneAsync(await change.DeleteAsync(scope, name, cancellationToken), name, actor);

    private async Task<PolicyAnswer> DoneAsync(PolicyChange outcome, string name, string actor)
    {
        if (outcome is PolicyChange.Saved or PolicyChange.Deleted)
        {
            await live.ApplyAsync(file.Read(), hubs, actor);
        }

        return outcome switch
        {
            PolicyChange.Saved saved => new PolicyAnswer(saved.IsNew ? 201 : 200, WireJson.ToUtf8(Document(saved.Policy, showsKeys: true))),
            PolicyChange.Deleted => new PolicyAnswer(204, null),
            PolicyChange.NotFound => NotFound(name),
            PolicyChange.Invalid invalid => new PolicyAnswer(400, null, invalid.Sentence),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private static PolicyAnswer NotFound(string name) => new(404, null, $"There is no policy '{name}' here.");

    private static bool TryReadRights(IReadOnlyList<string>? names, out ServiceRights rights, [NotNullWhen(false)] out string? fault)
    {
        rights = ServiceRights.None;
        foreach (var name in names ?? [])
        {
            if (!Enum.IsDefined(typeof(ServiceRights), name) || !Enum.TryParse<ServiceRights>(name, out var right))
            {
                fault = $"'{name}' is no right.";
                return false;
            }

            rights |= right;
        }

        fault = null;
        return true;
    }

    private static PolicyDocument Document(ServicePolicy policy, bool showsKeys) => new()
    {
        Name = policy.Name,
        Rights = RightNames.Of(policy.Rights),
        PrimaryKey = showsKeys ? policy.PrimaryKey : null,
        SecondaryKey = showsKeys ? policy.SecondaryKey : null,
    };
}
