namespace Perennial.Server.Instances;

/// <summary>Makes, changes and deletes policies, and rolls their keys, in the file of the data folder.</summary>
internal sealed class ChangePolicies(PolicyFile file)
{
    private const int LongestName = 64;

    private const int MostPolicies = 100;

    /// <summary>Makes the policy with new keys, or gives the one of this name other rights; its keys stay.</summary>
    public Task<PolicyChange> SaveAsync(PolicyScope scope, string name, ServiceRights rights, CancellationToken cancellationToken) => ChangeAsync(
        scope,
        policies =>
        {
            var stored = Find(policies, name);
            if (Fault(policies, scope, name, rights) is { } fault)
            {
                return (null, new PolicyChange.Invalid(fault));
            }

            var next = stored is null
                ? new ServicePolicy { Name = name, Rights = rights, PrimaryKey = ServicePolicies.FreshKey(), SecondaryKey = ServicePolicies.FreshKey() }
                : stored with { Rights = rights };
            var all = stored is null ? [.. policies, next] : Replace(policies, stored, next);
            return HasOwner(all, scope) ? (all, new PolicyChange.Saved(next, stored is null)) : (null, LastOwner(scope));
        },
        cancellationToken);

    /// <summary>Puts a new key in one slot; the other slot's key stays good.</summary>
    public Task<PolicyChange> RollKeyAsync(PolicyScope scope, string name, bool isPrimary, CancellationToken cancellationToken) => WithAsync(
        scope,
        name,
        policy => isPrimary ? policy with { PrimaryKey = ServicePolicies.FreshKey() } : policy with { SecondaryKey = ServicePolicies.FreshKey() },
        cancellationToken);

    /// <summary>Each slot gets the other's key.</summary>
    public Task<PolicyChange> SwapKeysAsync(PolicyScope scope, string name, CancellationToken cancellationToken) => WithAsync(
        scope, name, policy => policy with { PrimaryKey = policy.SecondaryKey, SecondaryKey = policy.PrimaryKey }, cancellationToken);

    public Task<PolicyChange> DeleteAsync(PolicyScope scope, string name, CancellationToken cancellationToken) => ChangeAsync(
        scope,
        policies =>
        {
            if (Find(policies, name) is not { } stored)
            {
                return (null, new PolicyChange.NotFound());
            }

            var left = policies.Where(policy => policy != stored).ToList();
            return HasOwner(left, scope) ? (left, new PolicyChange.Deleted()) : (null, LastOwner(scope));
        },
        cancellationToken);

    /// <summary>The policy of this name; names differ by more than case.</summary>
    public static ServicePolicy? Find(IReadOnlyList<ServicePolicy> policies, string name) =>
        policies.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.OrdinalIgnoreCase));

    private Task<PolicyChange> WithAsync(
        PolicyScope scope, string name, Func<ServicePolicy, ServicePolicy> change, CancellationToken cancellationToken) => ChangeAsync(
        scope,
        policies =>
        {
            if (Find(policies, name) is not { } stored)
            {
                return (null, new PolicyChange.NotFound());
            }

            var next = change(stored);
            return (Replace(policies, stored, next), new PolicyChange.Saved(next));
        },
        cancellationToken);

    private Task<PolicyChange> ChangeAsync(
        PolicyScope scope,
        Func<IReadOnlyList<ServicePolicy>, (IReadOnlyList<ServicePolicy>? Next, PolicyChange Change)> change,
        CancellationToken cancellationToken) => file.ChangeAsync(
        all =>
        {
            if (all.Of(scope) is not { } policies)
            {
                return (null, new PolicyChange.NotFound());
            }

            var (next, outcome) = change(policies);
            return (next is null ? null : all.With(scope, next), outcome);
        },
        cancellationToken);

    private static string? Fault(IReadOnlyList<ServicePolicy> policies, PolicyScope scope, string name, ServiceRights rights) =>
        name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? $"A policy's name is 1 to {LongestName} letters, digits and - _ ."
        : rights == ServiceRights.None || (rights & ~scope.All) != 0 ? $"The rights of a policy of {scope} are one or more of: {scope.All}."
        : policies.Count >= MostPolicies && Find(policies, name) is null ? $"There are {MostPolicies} policies already; delete one first."
        : null;

    private static PolicyChange.Invalid LastOwner(PolicyScope scope) =>
        new($"One policy with every right of {scope} must stay, or nobody could change policies any more. Make another one first.");

    private static bool HasOwner(IReadOnlyList<ServicePolicy> policies, PolicyScope scope) =>
        policies.Any(policy => policy.Rights.HasFlag(scope.All));

    private static IReadOnlyList<ServicePolicy> Replace(IReadOnlyList<ServicePolicy> policies, ServicePolicy stored, ServicePolicy next) =>
        [.. policies.Select(policy => policy == stored ? next : policy)];
}
