namespace Perennial.Hub.Queries;

/// <summary>How a value over many rows is made.</summary>
public enum QueryAggregate
{
    /// <summary>Rows; with an operand, those where it is defined.</summary>
    Count,

    /// <summary>Mean of the numbers.</summary>
    Avg,

    /// <summary>Sum of the numbers.</summary>
    Sum,

    /// <summary>The least number or text.</summary>
    Min,

    /// <summary>The greatest number or text.</summary>
    Max,
}
