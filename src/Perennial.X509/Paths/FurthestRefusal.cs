namespace Perennial.X509.Paths;

/// <summary>Keeps the refusal of the attempt that got furthest: that is the one which tells an operator most.</summary>
internal sealed class FurthestRefusal
{
    private int _rank = -1;
    private readonly List<Func<Refusal>> _refusals = [];

    /// <summary>Of attempts that got equally far, the reason with the highest number, so that the order of certificates does not matter.</summary>
    internal Refusal? Refusal => _refusals.Select(make => make()).MaxBy(refusal => refusal.Reason.Number);

    /// <summary>Takes up one failed attempt.</summary>
    /// <param name="depth">Signatures verified from the leaf up.</param>
    /// <param name="kind">How near this attempt was to an answer.</param>
    /// <param name="refusal">Makes the refusal, when it turns out to be wanted.</param>
    internal void Note(int depth, FailureKind kind, Func<Refusal> refusal)
    {
        var rank = (kind == FailureKind.RuleOfAnchor ? 1000 : 0) + (depth * 10) + (int)kind;
        if (rank > _rank)
        {
            _rank = rank;
            _refusals.Clear();
        }

        if (rank == _rank)
        {
            _refusals.Add(refusal);
        }
    }
}
