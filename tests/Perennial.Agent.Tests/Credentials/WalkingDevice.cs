using Perennial.Agent.Credentials;
using Perennial.Agent.Keys;

namespace Perennial.Agent.Tests.Credentials;

/// <summary>
/// A device and a hub for random walks. What is on the device's disk (the journal, and what each place holds) changes step by step, so that a crash
/// may come between any two; the hub retires what came before as soon as it has seen a newer leaf.
/// </summary>
internal sealed class WalkingDevice
{
    public const int Moves = 12;

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Which key and which certificate each place holds; a certificate works with its own key only.</summary>
    private readonly Dictionary<KeySlot, (int Key, int CertificateKey, int Certificate)> _places = new()
    {
        [KeySlot.A] = (0, 0, 0),
        [KeySlot.B] = (0, 0, 0),
    };

    private readonly HashSet<int> _accepted = [];
    private CredentialSet _journal = CredentialSet.Empty;
    private int _last;
    private int? _seen;
    private bool _isProvisioned;
    private bool _isDisabled;
    private bool _isAskedAgain;

    /// <summary>One move: some are the agent's next step, some the hub's, some a crash right after half a step.</summary>
    public void Move(int move)
    {
        switch (move)
        {
            case 0 or 1 or 2 or 3:
                Step();
                break;
            case 4:
                StepAndCrash();
                break;
            case 5:
                ConnectInOrder();
                break;
            case 6:
                RetireByProof();
                break;
            case 7:
                TestWithoutRecord();
                break;
            case 8:
                Revoke();
                break;
            case 9:
                AskAgain();
                break;
            case 10:
                _isDisabled = !_isDisabled;
                break;
            default:
                GiveUpIfAllowed();
                break;
        }
    }

    /// <summary>The device holds a credential, whole, that the hub accepts and that it will try.</summary>
    public void AssertWorks()
    {
        if (_isProvisioned)
        {
            Assert.Contains(_journal.InOrder(Now), IsWholeAndKnown);
        }
    }

    public void Provision()
    {
        while (!_isProvisioned)
        {
            Step();
        }
    }

    public void RollUntilHubAccepts()
    {
        while (_journal.Candidate?.Step != CandidateStep.Testing)
        {
            Step();
        }

        TestWithoutRecord();
        RetireByProof();
    }

    public void DropCandidateUnasked() => _journal = _journal with { Candidate = null };

    private bool IsAccepted(OperationalCredential credential) => !_isDisabled && IsWholeAndKnown(credential);

    private bool IsWholeAndKnown(OperationalCredential credential)
    {
        var (key, certificateKey, certificate) = _places[credential.Slot];
        return key == certificateKey && _accepted.Contains(certificate);
    }

    // The agent's next step, whole.
    private void Step()
    {
        switch (_journal.Candidate)
        {
            case null:
                // Only after the hub was seen to accept the current one.
                var isSeen = _journal.Current is { } current && IsAccepted(current);
                if (_journal.Current is null || isSeen)
                {
                    _journal = _journal.Begin($"r{_last}", mayDropPrevious: isSeen);
                }

                break;
            case { Step: CandidateStep.KeyWanted } candidate:
                MakeKey(candidate.Slot);
                _journal = _journal.KeyMade();
                break;
            case { Step: CandidateStep.Requested } when _isDisabled:
                break; // nothing is issued to a disabled device
            case { Step: CandidateStep.Requested } candidate:
                WriteCertificate(candidate.Slot);
                _journal = _journal.Issue(Describe(candidate.Slot));
                break;
            case { Step: CandidateStep.Issued }:
                _journal = _journal.Test(Now.AddMinutes(10));
                break;
            case { Credential: { } credential } when IsAccepted(credential):
                Accept(credential);
                Promote();
                break;
        }
    }

    // What a step does outside the journal, and then the power goes.
    private void StepAndCrash()
    {
        switch (_journal.Candidate)
        {
            case { Step: CandidateStep.KeyWanted } candidate:
                MakeKey(candidate.Slot);
                break;
            case { Step: CandidateStep.Requested } candidate when !_isDisabled:
                WriteCertificate(candidate.Slot);
                break;
            case { Step: CandidateStep.Testing, Credential: { } credential }:
                Accept(credential);
                break;
        }
    }

    // What a start does: the first that the hub accepts is settled upon.
    private void ConnectInOrder()
    {
        var found = _journal.InOrder(Now).FirstOrDefault(IsAccepted);
        if (found is null)
        {
            return;
        }

        if (found == _journal.Candidate?.Credential)
        {
            _journal = _journal.Test(Now.AddMinutes(10));
            Accept(found);
            Promote();
        }
        else if (found == _journal.Previous)
        {
            _journal = _journal.SwapBack();
        }
    }

    private void Promote()
    {
        _journal = _journal.Promote();
        (_isProvisioned, _isAskedAgain) = (true, false);
    }

    private void TestWithoutRecord()
    {
        if (_journal.Candidate is { Step: CandidateStep.Testing, Credential: { } credential })
        {
            Accept(credential);
        }
    }

    // At its deadline: the candidate is tried once more, then the current one.
    private void GiveUpIfAllowed()
    {
        if (_journal is { Candidate: { Step: CandidateStep.Testing, Credential: { } candidate }, Current: { } current }
            && !IsAccepted(candidate) && IsAccepted(current))
        {
            _journal = _journal.GiveUp(isRefused: true, isCurrentAccepted: true);
        }
    }

    // The operator takes back what was issued and not used yet, while another one works; not what was issued to mend a lock-out.
    private void Revoke()
    {
        if (!_isAskedAgain && _journal.Candidate is { Credential: { } credential } && _places[credential.Slot].Certificate is var certificate && (_seen ?? 0) < certificate
            && _journal.InOrder(Now).Any(other => other != credential && IsAccepted(other)))
        {
            _accepted.Remove(certificate);
        }
    }

    // While the hub refuses all, another certificate is asked for the key that is there.
    private void AskAgain()
    {
        if (_isDisabled && _journal.Candidate is { Step: CandidateStep.Testing })
        {
            _journal = _journal.AskAgain($"r{_last}");
            _isAskedAgain = true;
        }
    }

    private void RetireByProof()
    {
        if (_seen is { } newest)
        {
            _accepted.RemoveWhere(certificate => certificate < newest);
        }
    }

    private void Accept(OperationalCredential credential)
    {
        var certificate = _places[credential.Slot].Certificate;
        if (!_isDisabled && _accepted.Contains(certificate))
        {
            _seen = Math.Max(_seen ?? 0, certificate);
        }
    }

    private void MakeKey(KeySlot slot) => _places[slot] = _places[slot] with { Key = ++_last };

    private void WriteCertificate(KeySlot slot)
    {
        _places[slot] = _places[slot] with { CertificateKey = _places[slot].Key, Certificate = ++_last };
        _accepted.Add(_last);
    }

    private OperationalCredential Describe(KeySlot slot) => new()
    {
        Slot = slot,
        Thumbprint = _places[slot].Certificate.ToString("X64", CultureInfo.InvariantCulture),
        NotBefore = Now.AddDays(-1),
        NotAfter = Now.AddDays(30),
        Obtained = Now,
    };
}
