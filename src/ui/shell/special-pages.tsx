import { useEffect } from "react";
import { Link } from "../Link.tsx";
import { Card } from "../Card.tsx";
import { PageHeader } from "../PageHeader.tsx";
import { EmptyState, ProblemNotice } from "../states.tsx";

/** Stands between the bars, so that whoever came by an old address goes on from there. */
export function NotFound() {
  useEffect(() => {
    document.title = "没有这个页面 · 稳岗";
  }, []);
  return (
    <>
      <PageHeader title="没有这个页面" />
      <Card>
        <EmptyState
          title="这个地址没有页面"
          hint="地址可能写错了，或者页面已经移动；左侧是您能办的事。"
          action={<Link to="/">回工作台</Link>}
        />
      </Card>
    </>
  );
}

/** A page of another duty: says so, and whom to ask. */
export function NotPermitted({ title }: { title: string }) {
  return (
    <>
      <PageHeader title={title} />
      <Card>
        <EmptyState
          title={`您的职责不包含“${title}”`}
          hint="如需办理，请联系本单位系统管理员调整职责；调整后重新登录即可看到。"
          action={<Link to="/">回工作台</Link>}
        />
      </Card>
    </>
  );
}

export function ShellProblem({ error }: { error: unknown }) {
  return <ProblemNotice problem={error} retry={() => window.location.reload()} />;
}
