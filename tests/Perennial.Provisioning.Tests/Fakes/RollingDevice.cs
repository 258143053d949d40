using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>One device and its operator in a roll, step by step.</summary>
internal sealed class RollingDevice
{
    private readonly DeviceAttestation _attestation = new(new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()), World.TpmKeys);
    private readonly TestCertificate[] _leaves;
    private readonly Certificate?[] _slots = new Certificate?[2];
    private int _current;
    private int? _staged;
    private Certificate _proven;

    public RollingDevice(TestAuthority root, TestCertificate[] leaves)
    {
        ArgumentNullException.ThrowIfNull(root);
        _leaves = leaves;
        _proven = leaves[0].Certificate;
        _slots[0] = _proven;
    }

    /// <summary>The leaves that the device has: the one in use, and a staged one once it is delivered.</summary>
    public IEnumerable<TestCertificate> Held
    {
        get
        {
            yield return _leaves[_current];
            if (_staged is { } staged)
            {
                yield return _leaves[staged];
            }
        }
    }

    public void Step(int step)
    {
        switch (step)
        {
            case 0:
                Stage();
                break;
            case 1 when _staged is { } staged:
                (_current, _staged) = (staged, null);
                break;
            case 2:
                Prove();
                break;
            default:
                Retire();
                break;
        }
    }

    public bool IsAccepted(TestCertificate leaf)
    {
        var candidates = new EnrollmentCandidates(Enrollment(), null, []);
        var device = World.Authenticated("dev-01", World.Chain(leaf));
        return _attestation.Attest(device, candidates, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)) is AttestationVerdict.Accepted;
    }

    // Into the free slot, if there is one, a leaf that stands in neither.
    private void Stage()
    {
        var free = Array.IndexOf(_slots, null);
        if (free < 0 || _staged is not null)
        {
            return;
        }

        var index = Array.FindIndex(_leaves, leaf => !_slots.Contains(leaf.Certificate));
        _slots[free] = _leaves[index].Certificate;
        _staged = index;
    }

    private void Prove()
    {
        Assert.True(IsAccepted(_leaves[_current]));
        _proven = _leaves[_current].Certificate;
    }

    // The slot beside the proven one is emptied only when the device has switched: what was proven is what is kept.
    private void Retire()
    {
        var kept = Array.IndexOf(_slots, _proven);
        var isMoving = _staged is not null || _leaves[_current].Certificate != _proven;
        if (kept >= 0 && !isMoving)
        {
            _slots[1 - kept] = null;
        }
    }

    private Enrollment Enrollment() => new()
    {
        Key = EnrollmentKey.Individual(World.Id("dev-01")),
        Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(_slots[0], _slots[1])),
        ETag = "1",
        Created = default,
        LastUpdated = default,
    };
}
