namespace Perennial.Hub.Queries;

/// <summary>Unwinds the parser; <see cref="Query.TryParse"/> makes a value of it.</summary>
internal sealed class QueryFaultException(QueryFault fault) : Exception(fault.ToString())
{
    public QueryFault Fault { get; } = fault;
}
