namespace Perennial.Hub.Queries;

/// <summary>Something that a query looks at.</summary>
public interface IQueryRow
{
    /// <summary>Where it stands among the rows of its source; ordinal, and never twice.</summary>
    string Key { get; }

    /// <summary>The member at this path; undefined when there is none.</summary>
    QueryValue Find(QueryPath path);
}
