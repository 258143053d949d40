using Perennial.Authority.Issuers;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Rehearsals;

/// <summary>
/// Takes the copy of the state that a roll of an issuing authority is rehearsed on: the groups that trust the old one, and the devices that it issued
/// leaves to, by the enrollments that they come by.
/// </summary>
internal sealed class ReadIssuerScene(
    IEnrollmentStore enrollments, IPresentedChains chains, IIssuerStore slots, MakeOutIssued issued, JudgeIssued judge, MoveTrust trust, SceneDevices devices)
{
    public async Task<RehearsalScene> RunAsync(RehearsalScene scene, IReadOnlyList<SeenMember> members, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        var issuers = await FindIssuersAsync(scene, cancellationToken);
        var moved = await trust.ForeseeAsync(issuers.Old, issuers.Next, cancellationToken);
        scene = scene with { Issuers = issuers with { Fault = moved.Fault } };
        var of = await ClassifyAsync(members, cancellationToken);
        var prospects = new Dictionary<string, ChainProspect>(StringComparer.Ordinal);
        foreach (var lot in members.Where(member => of.ContainsKey(member.Device)).GroupBy(member => of[member.Device].Key))
        {
            var longest = lot.MaxBy(member => member.LeafEnd)!;
            if (await ProspectAsync(scene, of[longest.Device], longest, members, moved, terms, cancellationToken) is { } prospect)
            {
                prospects[lot.Key] = prospect;
            }
        }

        return scene with
        {
            Enrollments = [.. await StoredAsync(moved, cancellationToken), .. of.Values.Select(found => found.Enrollment).OfType<Enrollment>().Where(own => own.Key.Kind == EnrollmentKind.Individual)],
            Devices = await devices.RunAsync(
                scene,
                members,
                terms,
                member => (of.TryGetValue(member.Device, out var found) ? prospects.GetValueOrDefault(found.Key) : null, null),
                cancellationToken),
        };
    }

    private async Task<RehearsedIssuers> FindIssuersAsync(RehearsalScene scene, CancellationToken cancellationToken)
    {
        var (old, next) = (await slots.FindAsync(scene.Roll.OldIssuer!, cancellationToken), await slots.FindAsync(scene.Roll.NewIssuer!, cancellationToken));
        if (old is not { Certificate: { } before } || next is not { Certificate: { } after })
        {
            throw new ArgumentException($"An authority of the roll '{scene.Roll.Id}' has no certificate any more. Plan the roll anew.", nameof(scene));
        }

        var at = scene.Start;
        return new RehearsedIssuers(new(old.Id, [before, .. old.Above], old.State == IssuerState.Active), new(next.Id, [after, .. next.Above], next.State == IssuerState.Active))
        {
            IssueFault = next.State is not (IssuerState.Prepared or IssuerState.Active) ? $"The authority in the slot '{next.Id}' is {next.State} and cannot issue."
                : after.NotBefore > at ? $"The authority in the slot '{next.Id}' cannot issue before it begins to be valid, at {after.NotBefore:u}."
                : after.NotAfter <= at ? $"The authority in the slot '{next.Id}' is over since {after.NotAfter:u}."
                : null,
        };
    }

    // The groups as they stand: in the play the roll stages the new authority in them.
    private async Task<IReadOnlyList<Enrollment>> StoredAsync(MovedTrust moved, CancellationToken cancellationToken)
    {
        var stored = new List<Enrollment>();
        foreach (var group in moved.Staged)
        {
            stored.Add(await enrollments.FindAsync(group.Key, cancellationToken) ?? group);
        }

        return stored;
    }

    /// <summary>Puts the devices of which a chain was accepted into classes: what holds for one of a class holds for all of it.</summary>
    private async Task<Dictionary<string, IssuedClass>> ClassifyAsync(IReadOnlyList<SeenMember> members, CancellationToken cancellationToken)
    {
        var (found, read) = (new Dictionary<string, IssuedClass>(StringComparer.Ordinal), new Dictionary<EnrollmentKey, Enrollment?>());
        foreach (var member in members.Where(member => member.Shape is not null))
        {
            Enrollment? enrollment = null;
            if (member.Enrollment is { } key && !read.TryGetValue(key, out enrollment))
            {
                enrollment = read[key] = await enrollments.FindAsync(key, cancellationToken);
            }

            found[member.Device] = await issued.ClassOfAsync(member, enrollment, cancellationToken);
        }

        return found;
    }

    private async Task<ChainProspect?> ProspectAsync(
        RehearsalScene scene, IssuedClass lot, SeenMember longest, IReadOnlyList<SeenMember> members, MovedTrust moved, RehearsalTerms terms, CancellationToken cancellationToken)
    {
        if (lot.Enrollment is not { } enrollment)
        {
            return new ChainProspect { Name = lot.Name, IsRefusedNow = true };
        }

        if (!RegistrationId.TryParse(longest.Device, out var id) || await chains.FindAsync(id, cancellationToken) is not { } presented)
        {
            return null;
        }

        var (specimen, leaf, isOfNew) = await issued.RunAsync(scene, lot, presented.Device.Value, members, terms, cancellationToken);
        var prospect = await judge.RunAsync(lot.Name, enrollment, presented, specimen, moved, scene.Start, cancellationToken);
        return prospect with { Leaf = leaf, IsNewTakenByOld = !isOfNew };
    }
}
