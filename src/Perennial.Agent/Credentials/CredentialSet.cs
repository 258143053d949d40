using Perennial.Agent.Keys;

namespace Perennial.Agent.Credentials;

/// <summary>
/// The credentials of the device and the steps from one to the next, each a value that is journaled before anything is done. No step drops a credential
/// that may be the only one the hub accepts: see docs/adr/0029.
/// </summary>
internal sealed record CredentialSet
{
    public static readonly CredentialSet Empty = new();

    /// <summary>The one in use; null until the device has been provisioned.</summary>
    public OperationalCredential? Current { get; init; }

    /// <summary>The one before, kept until its place is needed.</summary>
    public OperationalCredential? Previous { get; init; }

    public Candidate? Candidate { get; init; }

    /// <summary>What to connect with, the likeliest first.</summary>
    public IEnumerable<OperationalCredential> InOrder(DateTimeOffset now)
    {
        OperationalCredential?[] order = Candidate is { Step: CandidateStep.Testing }
            ? [Candidate.Credential, Current, Previous]
            : [Current, Candidate?.Credential, Previous];
        return from credential in order
               where credential is not null && (credential != Previous || now <= credential.NotAfter)
               select credential;
    }

    /// <summary>Takes the free place for the next key.</summary>
    /// <param name="requestId">Names the request.</param>
    /// <param name="mayDropPrevious">Whether the current one is seen to work, or both are refused: the place of the one before is needed.</param>
    public CredentialSet Begin(string requestId, bool mayDropPrevious)
    {
        Require(Candidate is null, "a roll is under way");
        Require(Previous is null || mayDropPrevious, "the credential before is dropped only once the current one is seen to work");
        var free = Current is { Slot: KeySlot.A } ? KeySlot.B : KeySlot.A;
        return this with { Previous = null, Candidate = new() { Slot = free, Step = CandidateStep.KeyWanted, RequestId = requestId } };
    }

    public CredentialSet KeyMade()
    {
        Require(Candidate is { Step: CandidateStep.KeyWanted }, "no key is wanted");
        return this with { Candidate = Candidate! with { Step = CandidateStep.Requested } };
    }

    /// <summary>Asks for a certificate for the same key again; the one that it has stays until another has come.</summary>
    public CredentialSet AskAgain(string requestId)
    {
        Require(Candidate is { Step: not CandidateStep.KeyWanted }, "there is no key to ask for");
        return this with { Candidate = Candidate! with { Step = CandidateStep.Requested, RequestId = requestId } };
    }

    public CredentialSet Issue(OperationalCredential credential)
    {
        Require(Candidate is { Step: CandidateStep.Requested } && credential.Slot == Candidate.Slot, "no certificate was asked for");
        return this with { Candidate = Candidate! with { Step = CandidateStep.Issued, Credential = credential, Deadline = null } };
    }

    /// <summary>Recorded before the hub sees the candidate.</summary>
    public CredentialSet Test(DateTimeOffset deadline)
    {
        Require(Candidate is { Credential: not null }, "there is nothing to test");
        return this with { Candidate = Candidate! with { Step = CandidateStep.Testing, Deadline = Candidate.Deadline ?? deadline } };
    }

    /// <summary>The hub accepted the candidate.</summary>
    public CredentialSet Promote()
    {
        Require(Candidate is { Step: CandidateStep.Testing }, "the hub has not seen the candidate");
        return new() { Current = Candidate!.Credential, Previous = Current };
    }

    /// <summary>Goes back to the current one. A hub that has accepted the candidate once retires the current one, sooner or later.</summary>
    /// <param name="isRefused">Whether the hub has just refused the candidate.</param>
    /// <param name="isCurrentAccepted">Whether it has just accepted the current one instead.</param>
    public CredentialSet GiveUp(bool isRefused, bool isCurrentAccepted)
    {
        Require(Candidate is not null, "there is no candidate");
        Require(Candidate!.Credential is null || (isRefused && isCurrentAccepted), "the candidate may be the only credential that works");
        return this with { Candidate = null };
    }

    /// <summary>The hub accepts the one before, and refuses the current one or is not to see it any more: they change places.</summary>
    public CredentialSet SwapBack()
    {
        Require(Current is not null && Previous is not null, "there is no credential before");
        return this with { Current = Previous, Previous = Current };
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not now: {otherwise}.");
        }
    }
}
