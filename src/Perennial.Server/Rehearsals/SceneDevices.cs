using Perennial.Rolling.Rehearsals;
using Perennial.Server.Hubs;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Rehearsals;

/// <summary>Makes out of what was seen of devices how they are taken to go on.</summary>
internal sealed class SceneDevices(RehearsalFleetRows fleet, ServedHubs hubs)
{
    /// <param name="scene">The scene, without its devices.</param>
    /// <param name="members">What was seen of them.</param>
    /// <param name="terms">What is assumed of them.</param>
    /// <param name="prospectOf">The class of a device, and the end of the leaf that is staged for it; null for what is not known.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<RehearsedDevice>> RunAsync(
        RehearsalScene scene,
        IReadOnlyList<SeenMember> members,
        RehearsalTerms terms,
        Func<SeenMember, (ChainProspect? Prospect, DateTimeOffset? StagedEnd)> prospectOf,
        CancellationToken cancellationToken)
    {
        var rhythm = new FleetRhythm(members);
        var connected = ConnectedDevices.Of(hubs);
        var allFollow = hubs.All.All(hub => hubs.FollowingEnrollments.Contains(hub.Name));
        var devices = new List<RehearsedDevice>(members.Count);
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            var (prospect, stagedEnd) = prospectOf(member);
            var isFollowed = allFollow || member.IsFollowed;
            devices.Add(new RehearsedDevice
            {
                Device = member.Device,
                Prospect = prospect,
                Old = member.Old,
                StagedEnd = stagedEnd,
                LeafEnd = member.LeafEnd,
                HoldsUntil = member.HoldsUntil,
                Rhythm = rhythm.Of(member, unchecked((scene.Seed * 31) + i)),
                Seen = member.Seen,
                IsConnected = connected.Contains(member.Device),
                IsGone = prospect is { IsRefusedNow: true } || (!connected.Contains(member.Device) && rhythm.IsGone(member, scene.Start)),
                ClockError = terms.ClockError * DrawError(scene.Seed, i),
                FollowsEnrollment = isFollowed,
                RegistersAgain = isFollowed || await RegistersAgainAsync(member, cancellationToken),
                IsMoved = member.IsMoved,
                IsWaived = member.IsWaived,
            });
        }

        return devices;
    }

    // From -1 to 1, evenly, the same for one seed and place.
    private static double DrawError(int seed, int place) => (((unchecked((uint)((place * 2654435761L) + (seed * 40503L))) >> 8) % 2001) / 1000.0) - 1;

    // One registration is the first. A device that was seen on no hub registers whenever it is seen.
    private async Task<bool> RegistersAgainAsync(SeenMember member, CancellationToken cancellationToken) =>
        await fleet.CountPathsAsync(member.Device, cancellationToken) is (var registrations, var connections) && (registrations > 1 || connections <= 1);
}
