namespace Perennial.Hub.Queries;

/// <summary>What a query reads.</summary>
public enum QuerySource
{
    Devices,
    Modules,

    /// <summary>One row for each device of each job.</summary>
    Jobs,
}
