namespace Perennial.Server.Portal.Layout;

/// <summary>A certificate in a tree, what signed it above.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Detail">What else is to be said of it.</param>
public sealed record TreeNode(string Title, string Detail)
{
    /// <summary>Where its page is; null when it has none.</summary>
    public string? Path { get; init; }

    /// <summary>When it ends; null when that is not known.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>What it signed.</summary>
    public IReadOnlyList<TreeNode> Children { get; init; } = [];

    /// <summary>A chain, leaf first, as a tree with one branch.</summary>
    public static IReadOnlyList<TreeNode> OfChain(IEnumerable<TreeNode> leafFirst)
    {
        ArgumentNullException.ThrowIfNull(leafFirst);
        return leafFirst.Aggregate<TreeNode, IReadOnlyList<TreeNode>>([], (below, node) => [node with { Children = below }]);
    }
}
