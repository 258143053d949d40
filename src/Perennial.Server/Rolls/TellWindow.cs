using Perennial.Authority.Issuers;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Levelling;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Rolls;

/// <summary>A device has registered: when it is to roll.</summary>
internal sealed class TellWindow(FindRollWindow rolls, IEnrollmentStore enrollments, IProfileStore profiles)
{
    // Half of what is left of a leaf when it is to be rolled is for the windows to begin in, half for devices that come late or try again.
    private const double ShareForLate = 0.5;

    /// <param name="registration">Its registration.</param>
    /// <param name="issued">The leaf that it is given with the answer; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// For a leaf that is given now, the window of that leaf: it is what a roll waits for, or as good. Else that of the roll that waits for the device;
    /// null when none does.
    /// </returns>
    public async Task<RollWindow?> RunAsync(Registration registration, IssuedLeaf? issued, CancellationToken cancellationToken) =>
        registration.Status != RegistrationStatus.Assigned ? null
            : issued is null ? await rolls.RunAsync(registration.Id.Value, cancellationToken)
            : await OfAsync(issued, cancellationToken);

    private async Task<RollWindow?> OfAsync(IssuedLeaf issued, CancellationToken cancellationToken)
    {
        if ((await enrollments.FindAsync(issued.Enrollment, cancellationToken))?.CredentialPolicy is not { } policy
            || await profiles.FindAsync(policy, cancellationToken) is not { } profile)
        {
            return null;
        }

        // Certificates are dated back: the life of this one begins when the device gets it.
        var begins = issued.Issued > issued.Leaf.NotBefore ? issued.Issued : issued.Leaf.NotBefore;
        var left = (issued.Leaf.NotAfter - begins) * (1 - profile.RollAt);
        return LevelWindows.OfLeaf(issued.RegistrationId.Value, profile.Name, begins, issued.Leaf.NotAfter, profile.RollAt, left * ShareForLate);
    }
}
