namespace Perennial.Hub.Queries;

/// <summary>How two values are compared.</summary>
public enum QueryComparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
