using Perennial.Hub.Devices;

namespace Perennial.Hub.Sessions;

/// <summary>One device connection that is up, and what it was accepted for.</summary>
public sealed class LiveSession(DeviceVerdict.Accepted verdict, ILiveConnection connection)
{
    private volatile DeviceVerdict.Accepted _verdict = verdict;
    private long _lastActivity = verdict.At.UtcTicks;

    public DeviceId Id { get; } = verdict.Device.Id;

    /// <summary>The last verdict that let the connection live.</summary>
    public DeviceVerdict.Accepted Verdict => _verdict;

    public ILiveConnection Connection { get; } = connection;

    public DateTimeOffset Started { get; } = verdict.At;

    public DateTimeOffset LastActivity => new(Volatile.Read(ref _lastActivity), TimeSpan.Zero);

    /// <summary>Notes that the device sent something.</summary>
    public void Touch(DateTimeOffset at) => Volatile.Write(ref _lastActivity, at.UtcTicks);

    /// <summary>Notes that a later check accepted the connection again, perhaps for another reason.</summary>
    public void Confirm(DeviceVerdict.Accepted verdict) => _verdict = verdict;

    /// <summary>Notes what a later check says. A device that begins or ceases to be drained connects anew, with the rights that it has then.</summary>
    /// <returns>Whether the connection goes on.</returns>
    public bool TryConfirm(DeviceVerdict verdict)
    {
        var found = Verdict.ObtainsOnly ? (verdict as DeviceVerdict.Refused)?.Drained : verdict as DeviceVerdict.Accepted;
        _verdict = found ?? _verdict;
        return found is not null;
    }

    /// <summary>Whether a change to this enrollment can change what is said of the session.</summary>
    /// <remarks>
    /// An individual enrollment concerns the device of its registration id, made new included. A group concerns every device that is
    /// not attested by an individual enrollment: a nearer group may deny a device of a farther one.
    /// </remarks>
    public bool IsConcernedBy(EnrollmentReference enrollment)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        if (Verdict.Proof is not ConnectionProof.ByEnrollment proof)
        {
            return false;
        }

        return proof.Enrollment.Equals(enrollment) || (enrollment.IsGroup ? proof.Enrollment.IsGroup : IsOf(enrollment.Id));
    }

    private bool IsOf(string registrationId) =>
        Verdict.Device.Credential is DeviceCredential.FollowsEnrollment follows
        && string.Equals(follows.RegistrationId, registrationId, StringComparison.OrdinalIgnoreCase);
}
