using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Ways in which the certificate of an issuing authority is refused. Each has its page <c>docs/refusals/{Number}.md</c>.</summary>
public static class AuthorityRefusals
{
    /// <summary>No prepared slot has the key of the certificate.</summary>
    public static RefusalReason KeyOfNoSlot { get; } = new(
        8020, "key-of-no-slot", "The first certificate is not for the key of a prepared issuer slot.",
        "Give the certificate that answers the request of perennial ca request, that certificate first.");

    /// <summary>The chain does not end in a root.</summary>
    public static RefusalReason ChainWithoutRoot { get; } = new(
        8021, "chain-without-root", "The chain does not lead from the issuing authority to a root.",
        "Give one file with the certificate of the authority, all intermediates above it, and the root.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [KeyOfNoSlot, ChainWithoutRoot];
}
